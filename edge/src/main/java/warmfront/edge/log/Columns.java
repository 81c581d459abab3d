package warmfront.edge.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import warmfront.distribution.LogDeliveries.Delivery;
import warmfront.distribution.LogDeliveries.Format;

/**
 * The rows of a delivery: cells of a {@link Sheet}, in the order and format that it asks for. Two
 * of the same delivery are equal. Immutable.
 */
final class Columns implements Form {
  private static final byte[] END_OF_LINE = {'\n'};
  private static final byte[] END_OF_OBJECT = {'"', '}', '\n'};

  private final Delivery delivery;

  /** Where the cells are on the sheet. */
  private final int[] places;

  /** What stands before each. */
  private final byte[][] before;

  Columns(Delivery delivery) {
    this.delivery = delivery;
    List<String> fields = delivery.fields();
    places = fields.stream().mapToInt(Sheet::place).toArray();
    before = new byte[places.length][];
    for (int i = 0; i < before.length; i++) {
      before[i] = before(fields.get(i), i == 0).getBytes(UTF_8);
    }
  }

  /** Names of fields, and cells, have nothing that JSON would have escaped. */
  private String before(String field, boolean first) {
    if (isJson()) {
      return (first ? "{\"" : "\",\"") + field + "\":\"";
    }
    return first ? "" : delivery.delimiter();
  }

  private boolean isJson() {
    return delivery.format() == Format.JSON;
  }

  @Override
  public byte[] header() {
    return delivery.format() == Format.W3C
        ? Form.header(String.join(" ", delivery.fields()))
        : new byte[0];
  }

  /** Writes the row of what is on a sheet, with its line feed. */
  void write(Sheet sheet, Cells row) {
    row.begin();
    for (int i = 0; i < places.length; i++) {
      row.raw(before[i], 0, before[i].length);
      sheet.copy(places[i], row);
    }
    byte[] end = isJson() ? END_OF_OBJECT : END_OF_LINE;
    row.raw(end, 0, end.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Columns columns && columns.delivery.equals(delivery);
  }

  @Override
  public int hashCode() {
    return delivery.hashCode();
  }
}
