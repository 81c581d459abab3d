package warmfront.streaming.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FrameTableTest {
  private record Row(
      Tag.Kind kind, long millis, boolean key, int composition, long offset, int length) {}

  private static FrameTable table(List<Row> rows, Tag.Kind leading) {
    FrameTable.Writer writer = new FrameTable.Writer(leading);
    for (Row row : rows) {
      writer.add(row.kind, row.millis, row.key, row.composition, row.offset, row.length);
    }
    return writer.table();
  }

  private static List<Row> read(FrameTable.Reader reader) {
    List<Row> rows = new ArrayList<>();
    while (reader.advance()) {
      rows.add(
          new Row(
              reader.kind(),
              reader.millis(),
              reader.key(),
              reader.composition(),
              reader.offset(),
              reader.length()));
    }
    return rows;
  }

  @Test
  void what_is_written_is_read_again_from_each_keyframe_on() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      List<Row> rows = new ArrayList<>();
      long millis = 0;
      int keys = 1 + random.nextInt(80);
      int count = 1 + random.nextInt(400);
      for (int i = 0; i < count; i++) {
        boolean video = random.nextInt(3) > 0;
        millis += random.nextInt(8) == 0 ? random.nextInt(100_000) : random.nextInt(20);
        boolean key = !video || random.nextInt(keys) == 0;
        int composition = video ? random.nextInt(300) - 100 : 0;
        long offset = random.nextInt(4) == 0 ? random.nextLong(1L << 45) : i * 100L;
        Tag.Kind kind = video ? Tag.Kind.VIDEO : Tag.Kind.AUDIO;
        rows.add(new Row(kind, millis, key, composition, offset, random.nextInt(1 << 24)));
      }

      FrameTable table = table(rows, Tag.Kind.VIDEO);

      assertThat(read(table.reader())).as("seed %d", seed).isEqualTo(rows);
      for (int i = 0; i < 20; i++) {
        long at = random.nextLong(millis + 100);
        int from = 0;
        for (int row = 0; row < rows.size(); row++) {
          Row one = rows.get(row);
          boolean begins = one.key && one.kind == Tag.Kind.VIDEO;
          from = begins && one.millis <= at ? row : from;
        }
        assertThat(read(table.readerAt(at)))
            .as("seed %d at %d", seed, at)
            .isEqualTo(rows.subList(from, rows.size()));
      }
    }
  }

  @Test
  void a_frame_of_a_film_takes_less_than_eight_bytes() {
    Random random = new Random(1);
    FrameTable.Writer writer = new FrameTable.Writer(Tag.Kind.VIDEO);
    long offset = 0;
    int video = 0;
    int audio = 0;
    while (video < 2 * 3600 * 25) {
      boolean sees = video * 40_000L <= audio * 21_333L;
      int size = sees ? 2000 + random.nextInt(20_000) : 300 + random.nextInt(100);
      if (sees) {
        int later = 40 * random.nextInt(4);
        writer.add(Tag.Kind.VIDEO, video * 40L, video % 50 == 0, later, offset, size);
        video++;
      } else {
        writer.add(Tag.Kind.AUDIO, audio * 21_333L / 1000, true, 0, offset, size);
        audio++;
      }
      offset += size;
    }
    FrameTable table = writer.table();

    assertThat(table.count()).isGreaterThan(500_000);
    assertThat(table.weight()).isLessThan(8L * table.count());
  }
}
