package warmfront.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.snapshot.wire.LogEntry;

/**
 * Stored bytes of every released version stay readable: a file per release, which is never changed
 * afterwards, with one entry of each kind that the release knew, as {@link Samples} of seed 2026
 * gave it.
 */
final class GoldenBytesTest {
  @ParameterizedTest
  @ValueSource(strings = {"0.1.0"})
  void the_entries_of_a_release_are_read_and_chained_as_ever(String release) throws IOException {
    List<String> golden = read("golden-" + release + ".txt");
    Samples samples = new Samples(2026);
    SnapshotCodec codec = new SnapshotCodec(Set.of());
    Chain chain = Chain.EMPTY;

    for (String line : golden) {
      int space = line.indexOf(' ');
      Kind kind = Kind.valueOf(line.substring(0, space));
      LogEntry wire = LogEntry.parseFrom(HexFormat.of().parseHex(line.substring(space + 1)));
      Decoded decoded = codec.decode(wire);
      chain = SnapshotCodec.chain(chain, wire);

      assertThat(decoded).as(kind.name()).isInstanceOf(Decoded.Understood.class);
      assertThat(((Decoded.Understood) decoded).entry().value()).contains(samples.of(kind));
      assertThat(SnapshotCodec.chain(wire.getChain())).isEqualTo(chain);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.1.0"})
  void this_version_writes_the_bytes_of_the_release(String release) throws IOException {
    assertThat(write()).isEqualTo(read("golden-" + release + ".txt"));
  }

  private static List<String> write() {
    Samples samples = new Samples(2026);
    List<String> lines = new ArrayList<>();
    Chain chain = Chain.EMPTY;
    long revision = 0;
    for (Kind kind : Kind.values()) {
      Resource value = samples.of(kind);
      revision++;
      LogEntry wire =
          SnapshotCodec.encode(
              new SnapshotCodec.Draft(
                  1, revision, kind, value.id(), Set.of(), Optional.of(value), true),
              kind.secret() ? ByteString.copyFromUtf8("salt of " + kind) : ByteString.EMPTY,
              chain);
      chain = SnapshotCodec.chain(wire.getChain());
      lines.add(kind + " " + HexFormat.of().formatHex(wire.toByteArray()));
    }
    return lines;
  }

  private static List<String> read(String name) throws IOException {
    try (InputStream in = GoldenBytesTest.class.getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    }
  }
}
