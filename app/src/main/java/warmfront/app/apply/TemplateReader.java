package warmfront.app.apply;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.AnchorNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads the text of a template, YAML or JSON (which is YAML, too), with CloudFormation's short
 * forms ({@code !Ref x} is {@code {"Ref": "x"}}, {@code !Sub x} is {@code {"Fn::Sub": "x"}}). For
 * one template.
 */
final class TemplateReader {
  /** CloudFormation's own limit for a template in a bucket, in bytes. */
  private static final int BYTES_MAX = 1 << 20;

  private static final int DEPTH_MAX = 64;

  /** Values of a template, those of aliases counted wherever they stand. */
  private static final int VALUES_MAX = 100_000;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          .setCodePointLimit(BYTES_MAX)
          .setAllowDuplicateKeys(false)
          .setAllowNonScalarKeys(true) // refused here, with their line
          .build();

  private int values;

  private TemplateReader() {}

  /**
   * Reads a file.
   *
   * @throws ApplyException if it cannot be read, is no template's text or beyond a limit
   */
  static Value.Fields read(Path file) throws ApplyException {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new ApplyException("%s has more than %d bytes".formatted(file, BYTES_MAX));
      }
      return read(Files.readString(file));
    } catch (IOException e) {
      throw new ApplyException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** Reads a text. */
  static Value.Fields read(String text) throws ApplyException {
    try {
      refuseDeep(text);
      Node root =
          new Compose(SETTINGS)
              .composeString(text)
              .orElseThrow(() -> new ApplyException("the template is empty"));
      return new TemplateReader().value(root, 0).fields("the template");
    } catch (MarkedYamlEngineException wrong) {
      String line =
          wrong.getProblemMark().map(at -> "line " + (at.getLine() + 1) + ": ").orElse("");
      throw new ApplyException(line + "not YAML: " + wrong.getProblem(), wrong);
    } catch (YamlEngineException wrong) {
      throw new ApplyException("not YAML: " + wrong.getMessage(), wrong);
    }
  }

  /** The composer goes as deep as the text does, on its stack; the events come one by one. */
  private static void refuseDeep(String text) throws ApplyException {
    int depth = 0;
    for (Event event : new Parse(SETTINGS).parseString(text)) {
      switch (event) {
        case CollectionStartEvent _ -> depth++;
        case CollectionEndEvent _ -> depth--;
        default -> {}
      }
      if (depth > DEPTH_MAX) {
        throw new ApplyException("it is nested more than %d deep".formatted(DEPTH_MAX));
      }
    }
  }

  private Value value(Node node, int depth) throws ApplyException {
    values++;
    if (values > VALUES_MAX || depth > DEPTH_MAX) {
      throw wrong(
          node,
          "there are more than %d values, or they are nested more than %d deep"
              .formatted(VALUES_MAX, DEPTH_MAX));
    }
    Value plain =
        switch (node) {
          case ScalarNode scalar -> scalar(scalar);
          case SequenceNode sequence -> items(sequence, depth);
          case MappingNode mapping -> fields(mapping, depth);
          case AnchorNode anchor -> value(anchor.getRealNode(), depth);
          default -> throw wrong(node, "this is no value");
        };
    return function(node, plain);
  }

  private static Value scalar(ScalarNode node) throws ApplyException {
    if (node.getTag().equals(Tag.NULL)) {
      throw wrong(node, "there is no value here");
    }
    return new Value.Text(node.getValue());
  }

  private Value items(SequenceNode node, int depth) throws ApplyException {
    List<Value> items = new ArrayList<>();
    for (Node item : node.getValue()) {
      items.add(value(item, depth + 1));
    }
    return new Value.Items(items);
  }

  private Value fields(MappingNode node, int depth) throws ApplyException {
    Map<String, Value> fields = new LinkedHashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw wrong(tuple.getKeyNode(), "a key is a text");
      }
      if (fields.put(key.getValue(), value(tuple.getValueNode(), depth + 1)) != null) {
        throw wrong(key, "the key %s comes twice".formatted(key.getValue()));
      }
    }
    return new Value.Fields(fields);
  }

  /** Returns the long form of what has a tag of CloudFormation's. */
  private static Value function(Node node, Value plain) throws ApplyException {
    String tag = node.getTag().getValue();
    if (!tag.startsWith("!")) {
      return plain;
    }
    String name = tag.substring(1);
    return switch (name) {
      case "" -> plain;
      case "Ref", "Condition" -> new Value.Fields(Map.of(name, plain));
      default -> {
        if (!Evaluation.FUNCTIONS.contains("Fn::" + name)) {
          throw wrong(node, "there is no function " + tag);
        }
        yield new Value.Fields(Map.of("Fn::" + name, plain));
      }
    };
  }

  private static ApplyException wrong(Node node, String what) {
    return new ApplyException(
        node.getStartMark().map(at -> "line " + (at.getLine() + 1) + ": ").orElse("") + what);
  }
}
