package warmfront.control.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import warmfront.link.wire.MapChunk;
import warmfront.link.wire.MapHeld;

final class MapFeedTest {
  private final MapShelf shelf = new MapShelf();

  @Test
  void a_map_goes_out_in_parts_and_a_newer_one_after_it() {
    shelf.publish(2 * MapFeed.CHUNK_BYTES + 1);
    MapFeed feed = new MapFeed(shelf, 0);

    MapChunk first = feed.next().orElseThrow();
    shelf.publish(10);
    List<MapChunk> rest = rest(feed);

    assertThat(first.getContent().size()).isEqualTo(MapFeed.CHUNK_BYTES);
    assertThat(said(rest)).containsExactly("1 on 0", "1 on 0", "2 on 1");
    assertThat(rest.get(1).getContent().size()).isEqualTo(1);
    assertThat(rest.get(1).getSize()).isEqualTo(2L * MapFeed.CHUNK_BYTES + 1);
  }

  @Test
  void a_server_gets_changes_of_what_it_has() {
    shelf.publish(100);
    shelf.publish(100);
    shelf.publish(100);

    assertThat(said(rest(new MapFeed(shelf, 1)))).containsExactly("2 on 1", "3 on 2");
    assertThat(said(rest(new MapFeed(shelf, 3)))).isEmpty();
    // Of an older control, or of a database that was restored.
    assertThat(said(rest(new MapFeed(shelf, 9)))).isEmpty();
  }

  @Test
  void a_change_that_does_not_fit_is_followed_by_the_whole() {
    shelf.publish(100);
    shelf.publish(100);
    MapFeed feed = new MapFeed(shelf, 1);
    rest(feed);

    feed.answered(refusal(2, true));

    assertThat(said(rest(feed))).containsExactly("2 on 0");
    assertThat(feed.held()).isEqualTo(1);
    feed.answered(MapHeld.newBuilder().setOffered(2).setVersion(2).build());
    assertThat(feed.held()).isEqualTo(2);
    assertThat(rest(feed)).isEmpty();
  }

  @Test
  void a_map_that_is_refused_is_not_sent_again_but_the_next_one_is_whole() {
    shelf.publish(100);
    MapFeed feed = new MapFeed(shelf, 0);
    rest(feed);

    feed.answered(refusal(1, true));
    assertThat(rest(feed)).isEmpty();

    shelf.publish(100);
    assertThat(said(rest(feed))).containsExactly("2 on 0");
  }

  @Test
  void what_was_begun_is_ended_though_what_was_before_is_refused() {
    shelf.publish(100);
    shelf.publish(100);
    shelf.publish(20 * MapFeed.CHUNK_BYTES);
    MapFeed feed = new MapFeed(shelf, 1);
    assertThat(said(List.of(feed.next().orElseThrow()))).containsExactly("2 on 1");
    assertThat(said(List.of(feed.next().orElseThrow()))).containsExactly("3 on 2");

    feed.answered(refusal(2, true));

    assertThat(said(rest(feed))).containsExactly("3 on 2");
    feed.answered(refusal(3, true));
    assertThat(said(rest(feed)).stream().distinct()).containsExactly("3 on 0");
  }

  private static MapHeld refusal(long offered, boolean wantsWhole) {
    return MapHeld.newBuilder()
        .setOffered(offered)
        .setVersion(1)
        .setRefusal("no")
        .setWantsWhole(wantsWhole)
        .build();
  }

  private static List<MapChunk> rest(MapFeed feed) {
    List<MapChunk> all = new ArrayList<>();
    Optional<MapChunk> next = feed.next();
    while (next.isPresent()) {
      all.add(next.get());
      next = feed.next();
    }
    return all;
  }

  private static List<String> said(List<MapChunk> chunks) {
    return chunks.stream().map(chunk -> chunk.getVersion() + " on " + chunk.getBase()).toList();
  }
}
