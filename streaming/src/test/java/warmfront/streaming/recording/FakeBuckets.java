package warmfront.streaming.recording;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import warmfront.streaming.recording.BucketException.Trouble;

/** S3 in memory, which has the troubles that it is told to have. */
final class FakeBuckets implements Buckets {
  private final Map<String, byte[]> objects = new TreeMap<>();
  private final Map<String, Map<Integer, byte[]>> uploads = new HashMap<>();
  private Optional<Trouble> trouble = Optional.empty();
  private boolean losesAnswers;
  private int asked;

  /** Answers everything with this from now on; nothing for no trouble. */
  synchronized void trouble(Optional<Trouble> what) {
    trouble = what;
  }

  /** Completes objects, and says that it knows nothing of them. */
  synchronized void loseAnswers() {
    losesAnswers = true;
  }

  /** Forgets everything that is not an object yet. */
  synchronized void forgetUploads() {
    uploads.clear();
  }

  /** Returns the names of the objects, in order, with their buckets. */
  synchronized List<String> names() {
    return new ArrayList<>(objects.keySet());
  }

  synchronized byte[] object(String name) {
    byte[] found = objects.get(name);
    if (found == null) {
      throw new AssertionError("no object " + name + " among " + objects.keySet());
    }
    return found;
  }

  /** Returns how many parts wait for their object. */
  synchronized int parts() {
    return uploads.values().stream().mapToInt(Map::size).sum();
  }

  /** Returns how often it was asked for something. */
  synchronized int asked() {
    return asked;
  }

  private void ask() throws BucketException {
    asked++;
    if (trouble.isPresent()) {
      throw new BucketException(trouble.get(), "trouble");
    }
  }

  private Map<Integer, byte[]> upload(String upload) throws BucketException {
    Map<Integer, byte[]> found = uploads.get(upload);
    if (found == null) {
      throw new BucketException(Trouble.LOST, "no upload " + upload);
    }
    return found;
  }

  @Override
  public synchronized String begin(Name object) throws BucketException {
    ask();
    String upload = "upload " + asked;
    uploads.put(upload, new TreeMap<>());
    return upload;
  }

  @Override
  public synchronized String send(Name object, String upload, int number, byte[] part)
      throws BucketException {
    ask();
    upload(upload).put(number, part);
    return "\"tag %d of %s\"".formatted(number, upload);
  }

  @Override
  public synchronized void complete(Name object, String upload, List<String> tags)
      throws BucketException {
    ask();
    Map<Integer, byte[]> parts = upload(upload);
    byte[] whole = new byte[parts.values().stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    int number = 1;
    for (String tag : tags) {
      byte[] part = parts.get(number);
      if (part == null || !tag.equals("\"tag %d of %s\"".formatted(number, upload))) {
        throw new AssertionError("part %d with %s".formatted(number, tag));
      }
      System.arraycopy(part, 0, whole, at, part.length);
      at += part.length;
      number++;
    }
    uploads.remove(upload);
    objects.put(object.toString(), whole);
    if (losesAnswers) {
      throw new BucketException(Trouble.LOST, "no upload " + upload);
    }
  }

  @Override
  public synchronized void abandon(Name object, String upload) throws BucketException {
    ask();
    uploads.remove(upload);
  }

  @Override
  public synchronized boolean has(Name object, long bytes) throws BucketException {
    ask();
    byte[] found = objects.get(object.toString());
    return found != null && found.length == bytes;
  }
}
