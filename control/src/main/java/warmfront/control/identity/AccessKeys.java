package warmfront.control.identity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import warmfront.link.KeyFile;

/**
 * The key of the account itself, made once per data directory in {@code root-key.json} (mode 0600)
 * and staying what it is.
 */
public final class AccessKeys {
  private static final String FILE = "root-key.json";
  private static final String ID_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final Pattern FIELD = Pattern.compile("\"([a-z_]+)\"\\s*:\\s*\"([^\"\\\\]*)\"");

  private final AccessKey root;

  private AccessKeys(AccessKey root) {
    this.root = root;
  }

  /**
   * Returns the keys of a data directory; makes the root key if there is none.
   *
   * @throws IllegalStateException if {@code root-key.json} is not what we write
   */
  public static AccessKeys loadOrMake(Path folder, SecureRandom random) throws IOException {
    Path file = folder.resolve(FILE);
    if (Files.notExists(file)) {
      KeyFile.write(file, json(fresh(random)).getBytes(StandardCharsets.US_ASCII));
    }
    return new AccessKeys(read(folder));
  }

  /**
   * Returns the root key of a data directory, for a client on the same machine.
   *
   * @throws IOException if there is none to be read
   * @throws IllegalStateException if {@code root-key.json} is not what we write
   */
  public static AccessKey read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    return parse(file, Files.readString(file, StandardCharsets.US_ASCII));
  }

  /** Returns the root key. */
  public AccessKey root() {
    return root;
  }

  /** Returns a new key. */
  static AccessKey fresh(SecureRandom random) {
    byte[] secret = new byte[30];
    random.nextBytes(secret);
    return new AccessKey(
        "AKIA" + characters(16, random), Base64.getEncoder().encodeToString(secret));
  }

  /** Returns random characters as ids have them. */
  static String characters(int count, SecureRandom random) {
    StringBuilder id = new StringBuilder();
    for (int i = 0; i < count; i++) {
      id.append(ID_CHARACTERS.charAt(random.nextInt(ID_CHARACTERS.length())));
    }
    return id.toString();
  }

  private static String json(AccessKey key) {
    return "{\"access_key_id\":\"%s\",\"secret_access_key\":\"%s\"}\n"
        .formatted(key.accessKeyId(), key.secretAccessKey());
  }

  private static AccessKey parse(Path file, String json) {
    String id = "";
    String secret = "";
    Matcher fields = FIELD.matcher(json);
    while (fields.find()) {
      switch (fields.group(1)) {
        case "access_key_id" -> id = fields.group(2);
        case "secret_access_key" -> secret = fields.group(2);
        default -> throw new IllegalStateException(file + ": unknown field " + fields.group(1));
      }
    }
    if (!id.matches("[A-Z0-9]{16,128}") || secret.length() < 16) {
      throw new IllegalStateException(
          file + " needs access_key_id and secret_access_key, as written at the first start");
    }
    return new AccessKey(id, secret);
  }
}
