package warmfront.streaming.live;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import warmfront.streaming.media.Tag;
import warmfront.streaming.rtmp.Link;
import warmfront.streaming.rtmp.MediaMessage;

/** One who publishes a channel. On the loop of its link. */
final class Publisher implements Feeder {
  private final Link link;
  private final int streamId;
  private final LiveChannel channel;
  private final List<Tag> gathered = new ArrayList<>();

  Publisher(Link link, int streamId, LiveChannel channel) {
    this.link = link;
    this.streamId = streamId;
    this.channel = channel;
  }

  void media(MediaMessage message) {
    Tag.Kind kind =
        switch (message.kind()) {
          case AUDIO -> Tag.Kind.AUDIO;
          case VIDEO -> Tag.Kind.VIDEO;
          case DATA -> Tag.Kind.SCRIPT;
        };
    gathered.add(new Tag(kind, message.millis(), message.payload()));
  }

  /** Passes on what came together. */
  void settled() {
    if (!gathered.isEmpty()) {
      channel.tags(this, gathered);
      gathered.clear();
    }
  }

  /** It publishes no more, because it says so or is gone. */
  void leave(boolean isEnd) {
    settled();
    channel.leave(this, isEnd);
  }

  @Override
  public void replaced() {
    try {
      link.loop()
          .execute(() -> {
            link.command(
                streamId,
                "onStatus",
                0,
                Status.PUBLISH_BAD_NAME.values("The channel is published by another.", ""));
            link.close();
          });
    } catch (RejectedExecutionException e) {
      // the server ends, and with it all of them
    }
  }

  @Override
  public boolean isPull() {
    return false;
  }
}
