package warmfront.http;

import org.jspecify.annotations.Nullable;

/** What a response's Vary says (RFC 9110, section 12.5.5). */
public final class Vary {
  private Vary() {}

  /** Returns whether {@code *} is among its members: no request is known to get the same again. */
  public static boolean isAny(Fields fields) {
    @Nullable String vary = fields.joined("Vary");
    if (vary == null || vary.indexOf('*') < 0) {
      return false;
    }
    for (String member : vary.split(",", -1)) {
      if (member.strip().equals("*")) {
        return true;
      }
    }
    return false;
  }

  /** Returns fields whose Vary has a name, as it may have it already. */
  public static Fields with(Fields fields, String name) {
    @Nullable String vary = fields.joined("Vary");
    if (vary == null) {
      return fields.with("Vary", name);
    }
    for (String member : vary.split(",", -1)) {
      if (member.strip().equalsIgnoreCase(name) || member.strip().equals("*")) {
        return fields;
      }
    }
    return fields.edit().set("Vary", vary + ", " + name).build();
  }
}
