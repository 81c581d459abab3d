package warmfront.app.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The sample site, all ours: a page, its style, script and images, and a video of 20 MB. */
public final class Site {
  /** The video's length in bytes, at least. */
  private static final int VIDEO_BYTES_MIN = 20_000_000;

  private Site() {}

  /** A file of the site. */
  public static final class Page {
    private final String key;
    private final String type;
    private final byte[] content;

    /**
     * Makes a file.
     *
     * @param key its key in the bucket, without a slash before it
     * @param type its media type
     * @param content its bytes
     */
    public Page(String key, String type, byte[] content) {
      this.key = key;
      this.type = type;
      this.content = content.clone();
    }

    /** Returns its key in the bucket, without a slash before it. */
    public String key() {
      return key;
    }

    /** Returns its media type. */
    public String type() {
      return type;
    }

    /** Returns its bytes. */
    public byte[] content() {
      return content.clone();
    }
  }

  /** Returns all files, the page first. */
  public static List<Page> pages() throws IOException {
    return List.of(
        page("index.html", "text/html; charset=utf-8"),
        page("style.css", "text/css; charset=utf-8"),
        page("app.js", "text/javascript; charset=utf-8"),
        page("images/logo.svg", "image/svg+xml"),
        page("images/front.png", "image/png"),
        new Page(
            "media/front.mp4",
            "video/mp4",
            Mp4.repeating(Video.of(resource("clip.h264")), VIDEO_BYTES_MIN)));
  }

  /** Writes the demo's table of sample latencies to {@code file}. */
  public static Path latencies(Path file) throws IOException {
    try (InputStream in = stream("latencies.csv")) {
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
    }
    return file;
  }

  private static Page page(String key, String type) throws IOException {
    return new Page(key, type, resource("site/" + key));
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = stream(name)) {
      return in.readAllBytes();
    }
  }

  private static InputStream stream(String name) throws IOException {
    InputStream in = Site.class.getResourceAsStream(name);
    if (in == null) {
      throw new IOException("not in the program: " + name);
    }
    return in;
  }
}
