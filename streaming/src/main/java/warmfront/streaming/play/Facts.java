package warmfront.streaming.play;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import warmfront.streaming.rtmp.Amf;
import warmfront.streaming.rtmp.Command;

/** What a client says of itself in its connect command. */
final class Facts {
  /** The longest text of a client that is remembered, in characters. */
  private static final int TEXT_MAX = 2048;

  private static final int CODECS_MAX = 32;

  private Facts() {}

  /** Returns a member of the command object that is a string; empty if there is none. */
  static String text(Command connect, String member) {
    Amf value = connect.value(0).members().get(member);
    return value == null ? "" : value.text().orElse("");
  }

  /** Returns the same, cut to what logs take. */
  static String remembered(Command connect, String member) {
    String text = text(connect, member);
    return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX);
  }

  /** Returns 3 if the client wants AMF3, else 0. */
  static double objectEncoding(Command connect) {
    return connect.value(0).members().get("objectEncoding") instanceof Amf.Numeral number
            && number.value() == 3
        ? 3
        : 0;
  }

  /** Returns the codecs that the client takes in enhanced RTMP (version 2, connect). */
  static Set<String> enhanced(Command connect) {
    Set<String> codecs = new HashSet<>();
    Map<String, Amf> members = connect.value(0).members();
    if (members.get("fourCcList") instanceof Amf.Strict list) {
      list.values().stream()
          .limit(CODECS_MAX)
          .forEach(each -> each.text().filter(code -> code.length() <= 4).ifPresent(codecs::add));
    }
    // Bit 0 of a codec's value says that the client decodes it, bit 2 that it passes it on.
    for (String map : new String[] {"videoFourCcInfoMap", "audioFourCcInfoMap"}) {
      Amf infos = members.get(map);
      (infos == null ? Map.<String, Amf>of() : infos.members())
          .entrySet().stream()
              .limit(CODECS_MAX)
              .filter(info -> info.getKey().length() <= 4)
              .filter(info -> info.getValue() instanceof Amf.Numeral bits && bits.value() != 2)
              .forEach(info -> codecs.add(info.getKey()));
    }
    return codecs;
  }
}
