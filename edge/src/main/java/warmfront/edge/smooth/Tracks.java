package warmfront.edge.smooth;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * What a server manifest says: a document of SMIL that names the client manifest, and for each
 * track the file that it is in.
 *
 * @param clientManifest its path beside the server manifest's, escaped for URLs
 * @param all the tracks
 */
public record Tracks(String clientManifest, List<Track> all) {
  private static final int TRACKS_MAX = 1000;
  private static final Set<String> KINDS = Set.of("video", "audio", "textstream");

  /**
   * A track.
   *
   * @param kind video, audio or textstream
   * @param stream the name of the stream that it is one of, which is its kind where none is said
   * @param bitrate in bits a second
   * @param file its path beside the server manifest's, escaped for URLs
   * @param id its number within the file
   */
  public record Track(String kind, String stream, long bitrate, String file, long id) {}

  /**
   * Reads a server manifest.
   *
   * @throws BadPresentation if it is none, saying what is wrong
   */
  public static Tracks parse(byte[] document) throws BadPresentation {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    try {
      XMLStreamReader xml = factory.createXMLStreamReader(new ByteArrayInputStream(document));
      return new Reading().read(xml);
    } catch (XMLStreamException e) {
      throw new BadPresentation("the server manifest is not XML: " + e.getMessage());
    }
  }

  /** Returns the track that a fragment is of. */
  public Optional<Track> find(Piece.Fragment fragment) {
    return all.stream()
        .filter(track ->
            track.bitrate() == fragment.bitrate()
                && track.stream().equalsIgnoreCase(fragment.stream()))
        .findFirst();
  }

  private static final class Reading {
    private final List<Track> all = new ArrayList<>();
    private @Nullable String clientManifest;

    // of the track that is open
    private @Nullable String file;
    private @Nullable String stream;
    private long bitrate;
    private long id;

    Tracks read(XMLStreamReader xml) throws XMLStreamException, BadPresentation {
      while (xml.hasNext()) {
        switch (xml.next()) {
          case XMLStreamReader.START_ELEMENT -> begin(xml);
          case XMLStreamReader.END_ELEMENT -> end(xml.getLocalName());
          case XMLStreamReader.DTD -> throw new BadPresentation("the server manifest has a DTD");
          default -> {}
        }
      }
      if (clientManifest == null) {
        throw new BadPresentation("the server manifest has no clientManifestRelativePath");
      }
      return new Tracks(clientManifest, List.copyOf(all));
    }

    private void begin(XMLStreamReader xml) throws BadPresentation {
      String name = xml.getLocalName();
      if (name.equals("meta")) {
        @Nullable String content = xml.getAttributeValue(null, "content");
        if ("clientManifestRelativePath".equals(xml.getAttributeValue(null, "name"))) {
          clientManifest = beside(content);
        }
      } else if (KINDS.contains(name)) {
        file = beside(xml.getAttributeValue(null, "src"));
        stream = name;
        bitrate = number(xml.getAttributeValue(null, "systemBitrate"), 0);
        id = 0;
      } else if (name.equals("param") && file != null) {
        parameter(xml.getAttributeValue(null, "name"), xml.getAttributeValue(null, "value"));
      }
    }

    private void parameter(@Nullable String name, @Nullable String value) throws BadPresentation {
      if (name == null || value == null) {
        return;
      }
      switch (name) {
        case "trackID" -> id = number(value, 0);
        case "trackName" -> stream = value.isEmpty() ? stream : value;
        case "systemBitrate" -> bitrate = number(value, bitrate);
        default -> {} // of no use here
      }
    }

    private void end(String name) throws BadPresentation {
      if (file == null || stream == null || !KINDS.contains(name)) {
        return;
      }
      if (all.size() == TRACKS_MAX) {
        throw new BadPresentation("the server manifest has more tracks than " + TRACKS_MAX);
      }
      all.add(new Track(name, stream, bitrate, file, id));
      file = null;
    }

    private static long number(@Nullable String text, long otherwise) throws BadPresentation {
      if (text == null) {
        return otherwise;
      }
      if (!text.matches("\\d{1,18}")) {
        throw new BadPresentation("the server manifest has a number that is none: " + text);
      }
      return Long.parseLong(text);
    }

    /** Files of a presentation lie beside it: no name leads elsewhere. */
    private static String beside(@Nullable String name) throws BadPresentation {
      if (name == null || name.isEmpty() || name.contains("/") || name.contains("\\")) {
        throw new BadPresentation("the server manifest names no file beside it: " + name);
      }
      try {
        return new URI(null, null, "/" + name, null).toASCIIString().substring(1);
      } catch (URISyntaxException e) {
        throw new BadPresentation("the server manifest names no file: " + name);
      }
    }
  }
}
