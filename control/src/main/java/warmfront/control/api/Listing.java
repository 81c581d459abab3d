package warmfront.control.api;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkPojo;
import warmfront.control.api.wire.Members;

/**
 * A page of a list.
 *
 * @param items the page's items
 * @param next the marker of the next page; empty on the last
 */
record Listing<T>(List<T> items, Optional<String> next) {
  /**
   * Returns the page that is asked for.
   *
   * @param all everything, sorted by {@code key}
   * @param key gives an item's marker
   */
  static <T> Listing<T> of(List<T> all, Paging paging, Function<T, String> key) {
    List<T> rest =
        all.stream()
            .filter(item ->
                paging.marker().map(marker -> key.apply(item).compareTo(marker) > 0).orElse(true))
            .limit(paging.max() + 1L)
            .toList();
    if (rest.size() <= paging.max()) {
      return new Listing<>(rest, Optional.empty());
    }
    List<T> page = rest.subList(0, paging.max());
    return new Listing<>(page, Optional.of(key.apply(page.getLast())));
  }

  /** Returns the page with its items as callers see them. */
  <U> Listing<U> map(Function<T, U> shown) {
    return new Listing<>(items.stream().map(shown).toList(), next);
  }

  /**
   * Fills a list. Older ones say the marker that they were asked with and whether they are cut off,
   * newer ones only where the next page begins.
   *
   * @param list a builder of the list
   */
  void fill(SdkPojo list, Paging paging) {
    Members.setIfThere(list, "Marker", paging.marker().orElse(""));
    Members.setIfThere(list, "IsTruncated", next.isPresent());
    Members.setIfThere(list, "MaxItems", paging.max());
    Members.setIfThere(list, "Quantity", items.size());
    next.ifPresent(marker -> Members.set(list, "NextMarker", marker));
    if (!items.isEmpty()) {
      Members.set(list, "Items", items);
    }
  }
}
