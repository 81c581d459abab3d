package warmfront.control;

import java.util.List;
import java.util.Locale;
import warmfront.control.api.Annex.Answer;
import warmfront.control.identity.Fleet;
import warmfront.distribution.TextRecord;

/**
 * The texts of the zone, for proofs that others ask to see there: {@code /fleet/texts} lists them
 * with GET, {@code /fleet/texts/NAME?value=...} sets all texts of a name with PUT, and DELETE
 * removes them. A name is whole, with the zone, whatever its case; a dot at its end may be there.
 */
final class TextApi {
  private final Fleet fleet;
  private final String zone;

  TextApi(Fleet fleet, String zone) {
    this.fleet = fleet;
    this.zone = zone;
  }

  /**
   * Answers a request.
   *
   * @param parts of the path, from {@code texts} on
   * @throws IllegalArgumentException if what it says cannot be a record; says why
   */
  Answer answer(String method, List<String> parts, Settings settings) {
    return switch (method + parts.size()) {
      case "GET1" -> FleetApi.text(200, listed());
      case "PUT2" -> {
        TextRecord record = new TextRecord(name(parts.get(1)), settings.list("value"));
        settings.refuseUnknown();
        yield FleetApi.said(fleet.register(record));
      }
      case "DELETE2" -> FleetApi.said(fleet.removeText(name(parts.get(1))));
      default -> FleetApi.text(405, "texts are listed with GET, set with PUT, removed with DELETE");
    };
  }

  /** Returns the one way to write a name that has several. */
  static String sameName(String given) {
    String lower = given.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  private String name(String given) {
    String name = sameName(given);
    if (!name.endsWith("." + zone)) {
      throw new IllegalArgumentException(
          "a name with texts lies in the zone %s: %s".formatted(zone, given));
    }
    return name;
  }

  /** A line for each text: its name and, behind two spaces, itself. */
  private String listed() {
    List<String> lines =
        fleet.texts().stream()
            .flatMap(record -> record.values().stream().map(text -> record.id() + "  " + text))
            .toList();
    return String.join("\n", lines);
  }
}
