package warmfront.edge.log;

import java.nio.charset.StandardCharsets;

/** What rows a file has. */
sealed interface Form permits Form.Standard, Columns {
  /** Returns the lines that begin each file. */
  byte[] header();

  /** Returns the two lines that name the fields, given with blanks between. */
  static byte[] header(String fields) {
    return ("#Version: 1.0\n#Fields: " + fields + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  /** The forms that CloudFront had first. */
  enum Standard implements Form {
    /** Requests of web distributions. */
    WEB(Line.FIELDS),
    /** Events of streaming distributions. */
    STREAM(StreamLine.FIELDS);

    private final String fields;

    Standard(String fields) {
      this.fields = fields;
    }

    @Override
    public byte[] header() {
      return Form.header(fields);
    }
  }
}
