package warmfront.edge.log;

import java.nio.charset.StandardCharsets;

/** What rows a file has. */
enum Form {
  /** Requests of web distributions. */
  WEB(Line.FIELDS),
  /** Events of streaming distributions. */
  STREAM(StreamLine.FIELDS);

  private final String header;

  Form(String fields) {
    header = "#Version: 1.0\n#Fields: " + fields + "\n";
  }

  /** Returns the two lines that begin each file. */
  byte[] header() {
    return header.getBytes(StandardCharsets.US_ASCII);
  }
}
