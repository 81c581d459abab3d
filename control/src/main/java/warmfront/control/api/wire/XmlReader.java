package warmfront.control.api.wire;

import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;

/**
 * Reads one document into model objects. Strict: no document type, no entities of its own, no
 * element that the API does not know or that comes twice, no text between elements. For one
 * document; not thread-safe.
 */
final class XmlReader {
  private final XMLStreamReader xml;
  private final XmlLimits limits;
  private int depth;
  private int elements;

  private XmlReader(XMLStreamReader xml, XmlLimits limits) {
    this.xml = xml;
    this.limits = limits;
  }

  /**
   * Reads a document.
   *
   * @param body the document's bytes
   * @param root the name its root must have
   * @param builder gets the members
   * @throws Refused {@code MalformedXML} if it is not well-formed XML or too large, {@code
   *     MalformedInput} if it is, but not what the API knows
   */
  static void read(byte[] body, String root, SdkPojo builder, XmlLimits limits) {
    try {
      XMLStreamReader xml = factory().createXMLStreamReader(new ByteArrayInputStream(body));
      XmlReader reader = new XmlReader(xml, limits);
      reader.document(root, builder);
    } catch (XMLStreamException e) {
      throw new Refused("MalformedXML", "The body is not well-formed XML: " + reason(e));
    }
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    factory.setXMLResolver((publicId, systemId, base, namespace) -> {
      throw new XMLStreamException("external entities are not read");
    });
    return factory;
  }

  private static String reason(XMLStreamException e) {
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    String place =
        e.getLocation() == null
            ? ""
            : " (line %d, column %d)"
                .formatted(e.getLocation().getLineNumber(), e.getLocation().getColumnNumber());
    // The parser's own text is "ParseError at [row,col]:[1,2]\nMessage: ...".
    return (end < 0 ? message : message.substring(end + 1).replaceFirst("^Message: ", "")) + place;
  }

  private void document(String root, SdkPojo builder) throws XMLStreamException {
    if (!nextElement("the document")) {
      throw new Refused("MalformedXML", "The body has no element.");
    }
    if (!xml.getLocalName().equals(root)) {
      throw malformed("The body's element is %s, not %s.".formatted(xml.getLocalName(), root));
    }
    structure(builder, root);
    while (xml.hasNext()) {
      step("the document");
    }
  }

  private void structure(SdkPojo builder, String path) throws XMLStreamException {
    Set<String> seen = new HashSet<>();
    while (nextElement(path)) {
      String name = xml.getLocalName();
      SdkField<?> field =
          field(builder, name)
              .orElseThrow(() -> malformed("Unexpected element %s in %s.".formatted(name, path)));
      String inner = path + "." + name;
      if (!seen.add(name)) {
        throw malformed("The element %s is given twice.".formatted(inner));
      }
      field.set(builder, value(field, inner));
    }
  }

  private static Optional<SdkField<?>> field(SdkPojo builder, String name) {
    for (SdkField<?> field : builder.sdkFields()) {
      if (field.location() == MarshallLocation.PAYLOAD
          && field.unmarshallLocationName().equals(name)) {
        return Optional.of(field);
      }
    }
    return Optional.empty();
  }

  private Object value(SdkField<?> field, String path) throws XMLStreamException {
    if (field.marshallingType().equals(MarshallingType.SDK_POJO)) {
      SdkPojo builder = field.constructor().get();
      structure(builder, path);
      return Members.build(builder);
    }
    if (field.marshallingType().equals(MarshallingType.LIST)) {
      return list(field, path);
    }
    return scalar(field.marshallingType(), text(path), path);
  }

  private List<Object> list(SdkField<?> field, String path) throws XMLStreamException {
    ListTrait trait = field.getTrait(ListTrait.class);
    SdkField<?> member = trait.memberFieldInfo();
    String name = memberName(trait);
    List<Object> items = new ArrayList<>();
    while (nextElement(path)) {
      if (!xml.getLocalName().equals(name)) {
        throw malformed(
            "Unexpected element %s in %s, which holds %s."
                .formatted(xml.getLocalName(), path, name));
      }
      items.add(value(member, path + "[" + items.size() + "]"));
    }
    return items;
  }

  /** Returns the name of a list's elements; {@code member} where the API gives none. */
  static String memberName(ListTrait trait) {
    String name = trait.memberLocationName();
    return name == null ? "member" : name;
  }

  private String text(String path) throws XMLStreamException {
    StringBuilder text = new StringBuilder();
    while (true) {
      int event = step(path);
      if (event == XMLStreamConstants.START_ELEMENT) {
        throw malformed("Unexpected element %s in %s.".formatted(xml.getLocalName(), path));
      } else if (event == XMLStreamConstants.END_ELEMENT) {
        depth--;
        return text.toString();
      } else if (isText(event)) {
        text.append(xml.getText());
      }
    }
  }

  /** Moves to the next child element; false at the end of the element. */
  private boolean nextElement(String path) throws XMLStreamException {
    while (xml.hasNext()) {
      int event = step(path);
      if (event == XMLStreamConstants.START_ELEMENT) {
        return true;
      } else if (event == XMLStreamConstants.END_ELEMENT) {
        depth--;
        return false;
      } else if (isText(event) && !xml.getText().isBlank()) {
        throw malformed("Unexpected text in %s.".formatted(path));
      }
    }
    return false;
  }

  private int step(String path) throws XMLStreamException {
    int event = xml.next();
    if (event == XMLStreamConstants.DTD || event == XMLStreamConstants.ENTITY_REFERENCE) {
      throw new Refused(
          "MalformedXML", "The body has a document type or entities, which are not allowed.");
    }
    if (event == XMLStreamConstants.START_ELEMENT) {
      depth++;
      elements++;
      if (depth > limits.depthMax()) {
        throw new Refused(
            "MalformedXML", "Elements are nested deeper than " + limits.depthMax() + ".");
      }
      if (elements > limits.elementsMax()) {
        throw new Refused(
            "MalformedXML", "The body has more than " + limits.elementsMax() + " elements.");
      }
      String namespace = xml.getNamespaceURI();
      if (namespace != null && !namespace.isEmpty() && !namespace.equals(XmlWriter.NAMESPACE)) {
        throw malformed(
            "The element %s in %s is of the namespace %s, not %s."
                .formatted(xml.getLocalName(), path, namespace, XmlWriter.NAMESPACE));
      }
    }
    return event;
  }

  private static boolean isText(int event) {
    return event == XMLStreamConstants.CHARACTERS
        || event == XMLStreamConstants.CDATA
        || event == XMLStreamConstants.SPACE;
  }

  /** Returns a text as the type that a member has. */
  static Object scalar(MarshallingType<?> type, String text, String path) {
    try {
      if (type.equals(MarshallingType.STRING)) {
        return text;
      } else if (type.equals(MarshallingType.INTEGER)) {
        return Integer.valueOf(text.trim());
      } else if (type.equals(MarshallingType.LONG)) {
        return Long.valueOf(text.trim());
      } else if (type.equals(MarshallingType.BOOLEAN)) {
        return flag(text.trim());
      } else if (type.equals(MarshallingType.DOUBLE)) {
        return finite(Double.parseDouble(text.trim()));
      } else if (type.equals(MarshallingType.FLOAT)) {
        return (float) finite(Float.parseFloat(text.trim()));
      } else if (type.equals(MarshallingType.INSTANT)) {
        return Instant.parse(text.trim());
      } else if (type.equals(MarshallingType.SDK_BYTES)) {
        return SdkBytes.fromByteArray(Base64.getMimeDecoder().decode(text.trim()));
      }
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw malformed(
          "The value of %s is not of the type %s: '%s'."
              .formatted(path, type.getTargetClass().getSimpleName(), shown(text)));
    }
    throw new IllegalStateException("no codec for " + type.getTargetClass() + " of " + path);
  }

  private static boolean flag(String text) {
    return switch (text) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static double finite(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(Double.toString(value));
    }
    return value;
  }

  private static String shown(String text) {
    return text.length() <= 64 ? text : text.substring(0, 64) + "...";
  }

  private static Refused malformed(String message) {
    return new Refused("MalformedInput", message);
  }
}
