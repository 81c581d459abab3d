package warmfront.app.apply;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import warmfront.control.api.wire.Members;

/**
 * The scalars of a document, by their paths ({@code DistributionConfig.Origins[0].Id}). Empty texts
 * and the numbers of lists are left out: they say nothing.
 *
 * @param texts by path
 */
record Leaves(SortedMap<String, String> texts) {
  /** Bytes of a digest that is kept: enough to tell two values of one property apart. */
  private static final int DIGEST_BYTES = 12;

  /** Returns the scalars of a model's value. */
  static Leaves of(SdkPojo value) {
    SortedMap<String, String> texts = new TreeMap<>();
    members(value, "", texts);
    return new Leaves(texts);
  }

  /** Returns what a member that is given by its name, whatever its capitals, says. */
  Optional<String> find(String path) {
    return texts.entrySet().stream()
        .filter(leaf -> leaf.getKey().equalsIgnoreCase(path))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** Returns the paths at which this and another differ, of digests that were kept. */
  Set<String> changed(Map<String, String> digests) {
    Map<String, String> now = digests();
    Set<String> paths = new TreeSet<>();
    now.forEach((path, digest) -> {
      if (!digest.equals(digests.get(path))) {
        paths.add(path);
      }
    });
    digests.keySet().stream().filter(path -> !now.containsKey(path)).forEach(paths::add);
    return paths;
  }

  /**
   * Returns the paths at which a resource is otherwise than this says, of those whose first word it
   * shows at all.
   */
  Set<String> otherwise(Leaves shown, Set<String> words) {
    Set<String> paths = new TreeSet<>();
    texts.forEach((path, text) -> {
      if (words.contains(path.split("[.\\[]", 2)[0]) && !text.equals(shown.texts().get(path))) {
        paths.add(path);
      }
    });
    return paths;
  }

  /** Returns a digest of each text, for keeping: what is secret in a text is not in it. */
  Map<String, String> digests() {
    SortedMap<String, String> digests = new TreeMap<>();
    texts.forEach((path, text) -> digests.put(path, digest(text)));
    return digests;
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  private static void members(SdkPojo value, String path, Map<String, String> texts) {
    for (SdkField<?> field : value.sdkFields()) {
      String name = field.memberName();
      boolean isList = name.equals("Items");
      if (!name.equals("Quantity")) {
        Members.value(value, name)
            .ifPresent(member ->
                leaf(member, isList ? path : path + (path.isEmpty() ? "" : ".") + name, texts));
      }
    }
  }

  private static void leaf(Object value, String path, Map<String, String> texts) {
    switch (value) {
      case SdkPojo structure -> members(structure, path, texts);
      case List<?> items -> {
        for (int i = 0; i < items.size(); i++) {
          leaf(items.get(i), "%s[%d]".formatted(path, i), texts);
        }
      }
      case SdkBytes bytes ->
          texts.put(path, Base64.getEncoder().encodeToString(bytes.asByteArrayUnsafe()));
      default -> {
        if (!value.toString().isEmpty()) {
          texts.put(path, value.toString());
        }
      }
    }
  }
}
