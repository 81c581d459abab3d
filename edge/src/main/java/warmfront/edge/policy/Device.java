package warmfront.edge.policy;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.CloudFrontHeader;

/**
 * What a viewer's device is, by the words in its User-Agent. A device may be several things; one
 * that is neither a phone nor a tablet nor a television is a desktop, which robots are, too, and
 * whatever says nothing. Takes time in proportion to the User-Agent's length.
 *
 * @param android whether it runs Android
 * @param ios whether it runs iOS or iPadOS
 * @param phone whether it is held in a hand
 * @param tablet whether it is held in two
 * @param television whether it is a television, or is plugged into one
 */
record Device(boolean android, boolean ios, boolean phone, boolean tablet, boolean television) {
  /** Longer ones are looked at so far only; those of browsers have a quarter of it. */
  private static final int LOOKED_AT_MAX = 1024;

  private static final Device UNKNOWN = new Device(false, false, false, false, false);

  private static final Set<CloudFrontHeader> HEADERS =
      Set.of(
          CloudFrontHeader.IS_ANDROID_VIEWER,
          CloudFrontHeader.IS_DESKTOP_VIEWER,
          CloudFrontHeader.IS_IOS_VIEWER,
          CloudFrontHeader.IS_MOBILE_VIEWER,
          CloudFrontHeader.IS_SMARTTV_VIEWER,
          CloudFrontHeader.IS_TABLET_VIEWER);

  private static final List<String> TELEVISIONS =
      List.of(
          "smart-tv",
          "smarttv",
          "googletv",
          "google tv",
          "android tv",
          "appletv",
          "apple tv",
          "tvos",
          "hbbtv",
          "netcast",
          "web0s",
          "bravia",
          "viera",
          "roku",
          "crkey",
          "aftb",
          "aftm",
          "afts",
          "aftt",
          "aftn",
          "philipstv",
          "inettvbrowser",
          "tizen tv",
          "vidaa");

  private static final List<String> TABLETS = List.of("ipad", "kindle", "silk/", "playbook");

  private static final List<String> PHONES =
      List.of(
          "iphone",
          "ipod",
          "windows phone",
          "iemobile",
          "blackberry",
          "bb10",
          "opera mini",
          "opera mobi",
          "kaios");

  /** Returns what a User-Agent says. */
  static Device of(@Nullable String userAgent) {
    if (userAgent == null) {
      return UNKNOWN;
    }
    String agent =
        userAgent
            .substring(0, Math.min(userAgent.length(), LOOKED_AT_MAX))
            .toLowerCase(Locale.ROOT);
    boolean windowsPhone = agent.contains("windows phone"); // names all others, to be let in
    boolean android = agent.contains("android") && !windowsPhone;
    boolean ios = hasOne(agent, List.of("iphone", "ipad", "ipod")) && !windowsPhone;
    boolean television = hasOne(agent, TELEVISIONS);
    boolean mobile = agent.contains("mobile");
    boolean tablet =
        !television && (hasOne(agent, TABLETS) || (android && !mobile)) && !windowsPhone;
    boolean phone = !television && !tablet && (windowsPhone || hasOne(agent, PHONES) || mobile);
    return new Device(android, ios, phone, tablet, television);
  }

  private static boolean hasOne(String agent, List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      if (agent.contains(words.get(i))) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether it is none of the others. */
  boolean desktop() {
    return !phone && !tablet && !television;
  }

  /** Returns whether a header says what the device is. */
  static boolean isSaidBy(CloudFrontHeader header) {
    return HEADERS.contains(header);
  }
}
