package warmfront.bench;

import java.util.Locale;

/** The servers of RTMP that are measured: ours, and nginx with its module, where installed. */
enum StreamingPeer {
  WARMFRONT("Warmfront", "rtmp://bench.test/cfx/st", "rtmp://bench.test/cfx/st"),
  NGINX("nginx-rtmp", "rtmp://bench.test/vod", "rtmp://bench.test/far");

  private final String title;
  private final String near;
  private final String far;

  StreamingPeer(String title, String near, String far) {
    this.title = title;
    this.near = near;
    this.far = far;
  }

  String title() {
    return title;
  }

  /** Returns what is connected to for films that are there. */
  String near() {
    return near;
  }

  /** Returns what is connected to for films that the origin has. */
  String far() {
    return far;
  }

  /** Returns the name of its file in {@code bench/peers}. */
  String file() {
    return "films-" + name().toLowerCase(Locale.ROOT);
  }
}
