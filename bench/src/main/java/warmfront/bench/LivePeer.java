package warmfront.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The servers of live RTMP that are measured: ours, and what it is compared with, if installed. */
enum LivePeer {
  WARMFRONT("Warmfront"),
  NGINX("nginx with its RTMP module");

  private static final String PACKAGES = "nginx libnginx-mod-rtmp";

  private final String title;

  LivePeer(String title) {
    this.title = title;
  }

  /** Returns the name that people know it by. */
  String title() {
    return title;
  }

  /** Returns the name of its file in {@code bench/peers}. */
  String file() {
    return "rtmp-" + name().toLowerCase(Locale.ROOT);
  }

  /** Returns the Debian packages that are missing here; empty if it is there. */
  String missing() {
    boolean isThere =
        this == WARMFRONT
            || (Peer.onPath("nginx")
                && List.of("/usr/lib/nginx/modules", "/usr/lib64/nginx/modules").stream()
                    .anyMatch(folder -> Files.exists(Path.of(folder, "ngx_rtmp_module.so"))));
    return isThere ? "" : PACKAGES;
  }
}
