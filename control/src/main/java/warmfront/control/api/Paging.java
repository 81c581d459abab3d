package warmfront.control.api;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import warmfront.control.api.wire.Members;
import warmfront.control.api.wire.Refused;

/**
 * Which part of a list a caller asks for.
 *
 * @param marker the last id of the page before
 * @param max how many items at most
 */
record Paging(Optional<String> marker, int max) {
  /**
   * Reads what the caller sent.
   *
   * @param limit what is meant by no number, and by a greater one
   */
  static Paging of(@Nullable String marker, @Nullable String maxItems, int limit) {
    return new Paging(
        Optional.ofNullable(marker).filter(text -> !text.isEmpty()),
        maxItems == null || maxItems.isEmpty() ? limit : Math.min(limit, number(maxItems)));
  }

  /** Reads what a request says of it. */
  static Paging of(SdkPojo asked, Quotas quotas) {
    return of(
        Members.text(asked, "Marker").orElse(null),
        Members.text(asked, "MaxItems").orElse(null),
        quotas.of(Quota.PAGE_ITEMS));
  }

  /** Reads what the caller sent in a document. */
  static Paging of(@Nullable String marker, @Nullable Integer maxItems, int limit) {
    return of(marker, maxItems == null ? null : maxItems.toString(), limit);
  }

  private static int number(String maxItems) {
    if (!maxItems.matches("[0-9]{1,9}") || Integer.parseInt(maxItems) == 0) {
      throw new Refused(
          "InvalidArgument",
          "The parameter MaxItems is a number from 1 up, not '%s'.".formatted(maxItems));
    }
    return Integer.parseInt(maxItems);
  }
}
