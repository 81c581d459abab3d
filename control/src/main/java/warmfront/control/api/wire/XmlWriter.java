package warmfront.control.api.wire;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.traits.ListTrait;

/** Writes model objects as XML. For one document; not thread-safe. */
final class XmlWriter {
  /** The namespace of every document of this version. */
  static final String NAMESPACE = "http://cloudfront.amazonaws.com/doc/2020-05-31/";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final StringBuilder out = new StringBuilder(1024);

  private XmlWriter() {}

  /** Returns a document with this root. */
  static String write(String root, SdkPojo value) {
    XmlWriter writer = new XmlWriter();
    writer.begin(root);
    writer.members(value);
    return writer.end(root);
  }

  /**
   * Returns the document of an error.
   *
   * @param sender whether it is the caller's fault
   */
  static String error(String code, String message, String requestId, boolean sender) {
    XmlWriter writer = new XmlWriter();
    writer.begin("ErrorResponse");
    writer.out.append("<Error>");
    writer.text("Type", sender ? "Sender" : "Receiver");
    writer.text("Code", code);
    writer.text("Message", message);
    writer.out.append("</Error>");
    writer.text("RequestId", requestId);
    return writer.end("ErrorResponse");
  }

  private void begin(String root) {
    out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<").append(root);
    out.append(" xmlns=\"").append(NAMESPACE).append("\">");
  }

  private String end(String root) {
    return out.append("</").append(root).append('>').toString();
  }

  private void members(SdkPojo value) {
    for (SdkField<?> field : value.sdkFields()) {
      if (field.location() == MarshallLocation.PAYLOAD) {
        Members.value(value, field)
            .ifPresent(member -> element(field.locationName(), member, field));
      }
    }
  }

  private void element(String name, Object value, SdkField<?> field) {
    switch (value) {
      case SdkPojo pojo -> {
        out.append('<').append(name).append('>');
        members(pojo);
        out.append("</").append(name).append('>');
      }
      case List<?> items -> {
        ListTrait trait = field.getTrait(ListTrait.class);
        out.append('<').append(name).append('>');
        for (Object item : items) {
          element(XmlReader.memberName(trait), item, trait.memberFieldInfo());
        }
        out.append("</").append(name).append('>');
      }
      default -> text(name, scalar(value));
    }
  }

  /** Returns a value's text, as documents and headers have it. */
  static String scalar(Object value) {
    return switch (value) {
      case Instant time -> TIME.format(time);
      case SdkBytes bytes -> Base64.getEncoder().encodeToString(bytes.asByteArrayUnsafe());
      default -> value.toString();
    };
  }

  private void text(String name, String value) {
    out.append('<').append(name).append('>');
    if (isPlain(value)) {
      out.append(value);
    } else {
      value.codePoints().forEach(this::escape);
    }
    out.append("</").append(name).append('>');
  }

  /** Most texts are as they are written. */
  private static boolean isPlain(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < 0x20 || c > 0x7E || c == '&' || c == '<' || c == '>') {
        return false;
      }
    }
    return true;
  }

  private void escape(int character) {
    switch (character) {
      case '&' -> out.append("&amp;");
      case '<' -> out.append("&lt;");
      case '>' -> out.append("&gt;");
      // A reader would make a line feed of it (XML 1.0, section 2.11).
      case '\r' -> out.append("&#13;");
      default -> out.appendCodePoint(allowed(character) ? character : 0xFFFD);
    }
  }

  /** XML 1.0, section 2.2: what a document may hold. */
  private static boolean allowed(int character) {
    return character == '\t'
        || character == '\n'
        || (character >= 0x20 && character <= 0xD7FF)
        || (character >= 0xE000 && character <= 0xFFFD)
        || character >= 0x10000;
  }
}
