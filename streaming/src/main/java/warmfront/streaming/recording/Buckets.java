package warmfront.streaming.recording;

import java.util.List;

/** The buckets that recordings go to, by S3's multipart upload. Thread-safe; every call waits. */
public interface Buckets {
  /**
   * An object.
   *
   * @param bucket the bucket's domain name
   * @param key the object's name in it
   */
  record Name(String bucket, String key) {
    @Override
    public String toString() {
      return bucket + "/" + key;
    }
  }

  /**
   * Begins an object, which nobody sees until it is {@link #complete}.
   *
   * @return what S3 calls the upload
   */
  String begin(Name object) throws BucketException, InterruptedException;

  /**
   * Sends a part of it.
   *
   * @param number which one, from 1 on; they may come in any order
   * @return the part's entity tag
   */
  String send(Name object, String upload, int number, byte[] part)
      throws BucketException, InterruptedException;

  /**
   * Makes it an object of its parts.
   *
   * @param tags the parts' entity tags in order
   */
  void complete(Name object, String upload, List<String> tags)
      throws BucketException, InterruptedException;

  /** Forgets what was sent of it. */
  void abandon(Name object, String upload) throws BucketException, InterruptedException;

  /** Returns whether there is an object of this length already. */
  boolean has(Name object, long bytes) throws BucketException, InterruptedException;
}
