package warmfront.app.apply;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warmfront.app.config.ConfigException;
import warmfront.app.config.Document;
import warmfront.app.json.Json;

/**
 * What a stack has, in a file that is written anew after every step, whole or not at all. Values of
 * properties are not in it, but digests of them. Held by one process at a time, with a file lock.
 */
final class StackFile implements AutoCloseable {
  private static final int FORMAT = 1;

  private final Path file;
  private final FileChannel channel;
  private final FileLock lock;

  /** What is in the template's place, by logical name, in the order in which it was made. */
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** Logical names of what is being made: nobody knows whether it was. */
  private final Set<String> making = new LinkedHashSet<>();

  /** What another has taken the place of, to be removed. */
  private final List<Entry> leaving = new ArrayList<>();

  /**
   * A resource of the stack.
   *
   * @param name its logical name
   * @param type its type
   * @param id by which it is asked for
   * @param version as of the last step
   * @param isRetained whether it stays when it leaves the stack
   * @param digests of its properties, by path
   */
  record Entry(
      String name,
      String type,
      String id,
      String version,
      boolean isRetained,
      Map<String, String> digests) {
    Entry {
      digests = Map.copyOf(digests);
    }

    /** Returns the same, to be removed whatever was said of its leaving the template. */
    Entry replaced() {
      return new Entry(name, type, id, version, false, digests);
    }
  }

  private StackFile(Path file, FileChannel channel, FileLock lock) {
    this.file = file;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Opens the file of a stack, or begins one.
   *
   * @param folder made if it is not there
   * @throws ApplyException if it cannot be read, or another process is at work on the stack
   */
  static StackFile open(Path folder, String stack) throws ApplyException {
    Path file = folder.resolve(stack + ".json");
    StackFile opened = locked(folder, stack, file);
    try {
      opened.load();
      return opened;
    } catch (IOException e) {
      opened.close();
      throw new ApplyException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    } catch (ApplyException e) {
      opened.close();
      throw e;
    }
  }

  private static StackFile locked(Path folder, String stack, Path file) throws ApplyException {
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve(stack + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new ApplyException("another process is at work on the stack " + stack);
      }
      return new StackFile(file, channel, lock);
    } catch (IOException e) {
      throw new ApplyException("%s cannot be used: %s".formatted(folder, e.getMessage()), e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null; // held within this process
    }
  }

  Map<String, Entry> entries() {
    return entries;
  }

  List<Entry> leaving() {
    return leaving;
  }

  /** Returns whether a resource was being made when the last run ended. */
  boolean isMaking(String name) {
    return making.contains(name);
  }

  /** Keeps that a resource is being made. */
  void begin(String name) throws ApplyException {
    making.add(name);
    save();
  }

  /** Keeps that a resource was not made. */
  void end(String name) throws ApplyException {
    making.remove(name);
    save();
  }

  /** Puts a resource in its place, and keeps that. */
  void put(Entry entry) throws ApplyException {
    making.remove(entry.name());
    entries.put(entry.name(), entry);
    save();
  }

  /** Forgets a resource, and keeps that. */
  void remove(Entry entry) throws ApplyException {
    entries.remove(entry.name(), entry);
    leaving.remove(entry);
    save();
  }

  /** Puts a resource in the place of another, which is to be removed, and keeps that. */
  void replace(Entry old, Entry entry) throws ApplyException {
    leaving.add(old);
    put(entry);
  }

  private void save() throws ApplyException {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("format", FORMAT);
    all.put("resources", entries.values().stream().map(StackFile::written).toList());
    all.put("making", List.copyOf(making));
    all.put("leaving", leaving.stream().map(StackFile::written).toList());
    try {
      Path fresh = Files.createTempFile(file.toAbsolutePath().getParent(), "stack", ".tmp");
      Files.writeString(fresh, Json.write(all) + "\n", StandardCharsets.UTF_8);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new ApplyException("%s cannot be written: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static Map<String, Object> written(Entry entry) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", entry.name());
    fields.put("type", entry.type());
    fields.put("id", entry.id());
    fields.put("version", entry.version());
    fields.put("retained", entry.isRetained());
    fields.put("digests", entry.digests());
    return fields;
  }

  private void load() throws ApplyException, IOException {
    if (!Files.exists(file)) {
      return;
    }
    try {
      if (!(Document.read(file) instanceof Map<?, ?> all)
          || !(all.get("resources") instanceof List<?> resources)
          || !(all.get("making") instanceof List<?> begun)
          || !(all.get("leaving") instanceof List<?> gone)) {
        throw new ApplyException(file + " is not the file of a stack");
      }
      if (!Integer.valueOf(FORMAT).equals(all.get("format"))) {
        throw new ApplyException(
            "%s has format %s; this version knows %d".formatted(file, all.get("format"), FORMAT));
      }
      for (Object one : resources) {
        Entry entry = read(one);
        entries.put(entry.name(), entry);
      }
      begun.forEach(name -> making.add(String.valueOf(name)));
      for (Object one : gone) {
        leaving.add(read(one));
      }
    } catch (ConfigException e) {
      throw new ApplyException(String.valueOf(e.getMessage()), e);
    }
  }

  private Entry read(Object one) throws ApplyException {
    if (!(one instanceof Map<?, ?> fields) || !(fields.get("digests") instanceof Map<?, ?> map)) {
      throw new ApplyException(file + " is not the file of a stack");
    }
    Map<String, String> digests = new LinkedHashMap<>();
    map.forEach((path, digest) -> digests.put(String.valueOf(path), String.valueOf(digest)));
    return new Entry(
        text(fields, "name"),
        text(fields, "type"),
        text(fields, "id"),
        text(fields, "version"),
        Boolean.TRUE.equals(fields.get("retained")),
        digests);
  }

  private String text(Map<?, ?> fields, String name) throws ApplyException {
    if (fields.get(name) instanceof String text) {
      return text;
    }
    throw new ApplyException("%s has a resource without %s".formatted(file, name));
  }

  @Override
  public void close() throws ApplyException {
    try {
      lock.release();
      channel.close();
    } catch (IOException e) {
      throw new ApplyException("the lock beside %s cannot be given back".formatted(file), e);
    }
  }
}
