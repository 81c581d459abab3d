package warmfront.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;

/**
 * Dates as HTTP writes them (RFC 9110, section 5.6.7): one form is written, three are read. The day
 * of the week is not compared with the date, because a wrong one changes nothing.
 */
public final class HttpDate {
  private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  private static final String[] MONTHS = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
  };

  /** IMF-fixdate has 29 characters. */
  private static final int FIXED_LENGTH = 29;

  /** asctime has 24 characters. */
  private static final int ASCTIME_LENGTH = 24;

  private HttpDate() {}

  /** Returns {@code instant} as IMF-fixdate, for example {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
  public static String format(Instant instant) {
    LocalDateTime time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    StringBuilder text = new StringBuilder(FIXED_LENGTH);
    text.append(DAYS[time.getDayOfWeek().getValue() - 1]).append(", ");
    twoDigits(text, time.getDayOfMonth()).append(' ');
    text.append(MONTHS[time.getMonthValue() - 1]).append(' ');
    twoDigits(twoDigits(text, time.getYear() / 100 % 100), time.getYear() % 100).append(' ');
    twoDigits(text, time.getHour()).append(':');
    twoDigits(text, time.getMinute()).append(':');
    return twoDigits(text, time.getSecond()).append(" GMT").toString();
  }

  /** Returns the instant that {@code text} names; empty if it is no date in one of the forms. */
  public static Optional<Instant> parse(String text) {
    try {
      if (text.length() == FIXED_LENGTH && text.charAt(3) == ',') {
        return fixed(text);
      }
      if (text.length() == ASCTIME_LENGTH && text.charAt(3) == ' ') {
        return asctime(text);
      }
      int comma = text.indexOf(", ");
      return comma > 5 && comma < 10 && text.length() == comma + 24
          ? obsolete(text, comma + 2)
          : Optional.empty();
    } catch (DateTimeException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
  private static Optional<Instant> fixed(String text) {
    boolean shaped = text.charAt(7) == ' ' && text.charAt(11) == ' ' && text.charAt(16) == ' ';
    return shaped && text.endsWith(" GMT")
        ? at(number(text, 12, 16), monthAt(text, 8), number(text, 5, 7), text, 17)
        : Optional.empty();
  }

  /** {@code Sunday, 06-Nov-94 08:49:37 GMT}. */
  private static Optional<Instant> obsolete(String text, int day) {
    boolean shaped =
        text.charAt(day + 2) == '-' && text.charAt(day + 6) == '-' && text.charAt(day + 9) == ' ';
    if (!shaped || !text.endsWith(" GMT")) {
      return Optional.empty();
    }
    int year = number(text, day + 7, day + 9);
    // RFC 9110 asks for the nearest century; POSIX's pivot needs no clock and agrees until 2069.
    int full = year < 69 ? 2000 + year : 1900 + year;
    return at(full, monthAt(text, day + 3), number(text, day, day + 2), text, day + 10);
  }

  /** {@code Sun Nov 6 08:49:37 1994}. */
  private static Optional<Instant> asctime(String text) {
    boolean shaped = text.charAt(7) == ' ' && text.charAt(10) == ' ' && text.charAt(19) == ' ';
    if (!shaped) {
      return Optional.empty();
    }
    int day = number(text, text.charAt(8) == ' ' ? 9 : 8, 10);
    return at(number(text, 20, 24), monthAt(text, 4), day, text, 11);
  }

  private static Optional<Instant> at(int year, int month, int day, String text, int time) {
    if (month < 0 || text.charAt(time + 2) != ':' || text.charAt(time + 5) != ':') {
      return Optional.empty();
    }
    int hour = number(text, time, time + 2);
    int minute = number(text, time + 3, time + 5);
    // A leap second is read as the second before it.
    int second = Math.min(number(text, time + 6, time + 8), 59);
    return Optional.of(
        LocalDateTime.of(year, month + 1, day, hour, minute, second).toInstant(ZoneOffset.UTC));
  }

  /** Returns which month's name of three letters stands there, from 0; -1 if none does. */
  private static int monthAt(String text, int at) {
    for (int i = 0; i < MONTHS.length; i++) {
      if (text.regionMatches(true, at, MONTHS[i], 0, 3)) {
        return i;
      }
    }
    return -1;
  }

  private static int number(String text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        throw new NumberFormatException(
            String.format(Locale.ROOT, "no digit at %d of a date: %s", i, text));
      }
      value = value * 10 + c - '0';
    }
    return value;
  }

  private static StringBuilder twoDigits(StringBuilder text, int number) {
    return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }
}
