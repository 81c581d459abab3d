package warmfront.control.api.logs;

import java.util.regex.Pattern;
import warmfront.control.api.wire.Asked;
import warmfront.control.api.wire.Refused;

/** What requests call things by. */
final class Names {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,60}");

  private Names() {}

  /** Returns the name of a source or a destination, which has to be there. */
  static String required(Asked asked, String member) {
    String name = text(asked, member);
    if (!NAME.matcher(name).matches()) {
      throw new Refused(
          "ValidationException",
          "%s has 1 to 60 letters, digits, - and _, not '%s'.".formatted(member, name));
    }
    return name;
  }

  /** Returns a text, which has to be there. */
  static String text(Asked asked, String member) {
    return asked
        .text(member)
        .filter(text -> !text.isEmpty())
        .orElseThrow(() -> new Refused("ValidationException", member + " is required."));
  }
}
