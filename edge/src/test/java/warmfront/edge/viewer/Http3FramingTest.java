package warmfront.edge.viewer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import warmfront.edge.step.Reason;

/** What is wrong on the streams of a connection over HTTP/3, and what becomes of it. */
final class Http3FramingTest {
  private static final byte[] NONE = {};
  private static final byte[] CONTROL = {0};
  private static final byte[] SETTINGS = QuicViewer.frame(Http3Frames.SETTINGS, NONE);
  private static final List<String> GET =
      List.of(":method", "GET", ":scheme", "https", ":path", "/x", ":authority", "a.example");

  @AutoClose private final Edge edge = Edge.http3(Limits.standard());

  @ParameterizedTest
  @MethodSource
  void a_wrong_side_stream_ends_the_connection(byte[] said, Http3Error error) throws Exception {
    try (QuicViewer viewer = QuicViewer.silent(edge, "a.example")) {
      viewer.side().send(said, false);

      assertThat(viewer.error()).isEqualTo(error.code());
      assertThat(edge.viewers.counters().refused()).containsEntry(Reason.MALFORMED, 1L);
    }
  }

  static Stream<Arguments> a_wrong_side_stream_ends_the_connection() {
    return Stream.of(
        arguments(control(QuicViewer.frame(Http3Frames.DATA, NONE)), Http3Error.MISSING_SETTINGS),
        arguments(control(SETTINGS, SETTINGS), Http3Error.FRAME_UNEXPECTED),
        arguments(
            control(SETTINGS, QuicViewer.frame(Http3Frames.DATA, NONE)),
            Http3Error.FRAME_UNEXPECTED),
        arguments(control(SETTINGS, QuicViewer.head(GET)), Http3Error.FRAME_UNEXPECTED),
        arguments(control(SETTINGS, QuicViewer.frame(0x6, NONE)), Http3Error.FRAME_UNEXPECTED),
        arguments(settings(2, 0), Http3Error.SETTINGS_ERROR),
        arguments(settings(6, 1, 6, 1), Http3Error.SETTINGS_ERROR),
        arguments(settings(6), Http3Error.FRAME_ERROR),
        arguments(
            control(SETTINGS, QuicViewer.frame(Http3Frames.GOAWAY, NONE)), Http3Error.FRAME_ERROR),
        arguments(
            control(SETTINGS, QuicViewer.frame(Http3Frames.GOAWAY, QuicViewer.bytes(1, 2))),
            Http3Error.FRAME_ERROR),
        arguments(
            control(
                SETTINGS,
                QuicViewer.frame(Http3Frames.GOAWAY, QuicViewer.bytes(1)),
                QuicViewer.frame(Http3Frames.GOAWAY, QuicViewer.bytes(2))),
            Http3Error.ID_ERROR),
        arguments(
            control(
                SETTINGS,
                QuicViewer.frame(Http3Frames.MAX_PUSH_ID, QuicViewer.bytes(2)),
                QuicViewer.frame(Http3Frames.MAX_PUSH_ID, QuicViewer.bytes(1))),
            Http3Error.ID_ERROR),
        arguments(
            control(SETTINGS, QuicViewer.frame(Http3Frames.CANCEL_PUSH, QuicViewer.bytes(0))),
            Http3Error.ID_ERROR),
        arguments(
            control(SETTINGS, QuicViewer.frame(Http3Frames.PRIORITY_UPDATE, QuicViewer.bytes(1))),
            Http3Error.ID_ERROR),
        arguments(
            control(SETTINGS, QuicViewer.frame(0x21, new byte[5000])), Http3Error.EXCESSIVE_LOAD),
        arguments(QuicViewer.bytes(1), Http3Error.STREAM_CREATION_ERROR),
        arguments(QuicViewer.bytes(2, 0x3F), Http3Error.QPACK_ENCODER_STREAM_ERROR),
        arguments(QuicViewer.bytes(3, 0x80), Http3Error.QPACK_DECODER_STREAM_ERROR),
        arguments(QuicViewer.bytes(3, 0x01), Http3Error.QPACK_DECODER_STREAM_ERROR));
  }

  private static byte[] control(byte[]... frames) {
    return QuicViewer.joined(CONTROL, QuicViewer.joined(frames));
  }

  private static byte[] settings(int... values) {
    return control(QuicViewer.frame(Http3Frames.SETTINGS, QuicViewer.bytes(values)));
  }

  @Test
  void side_streams_that_are_right_or_not_known_do_no_harm() throws Exception {
    try (QuicViewer viewer = QuicViewer.silent(edge, "a.example")) {
      byte[] grease = QuicViewer.frame(0x21, QuicViewer.bytes(1, 2, 3));
      byte[] pushes = QuicViewer.frame(Http3Frames.MAX_PUSH_ID, QuicViewer.bytes(7));
      byte[] priority = QuicViewer.frame(Http3Frames.PRIORITY_UPDATE, QuicViewer.bytes(4, 'u'));
      byte[] table = QuicViewer.bytes(0x40, 0x21, 5, 0x33, 9);
      viewer
          .side()
          .send(
              control(QuicViewer.frame(Http3Frames.SETTINGS, table), grease, pushes, priority),
              false);
      viewer.side().send(QuicViewer.bytes(2, 0x20), false);
      viewer.side().send(QuicViewer.bytes(3, 0x44, 0x7F, 0x81, 0x01), false);
      viewer.side().send(QuicViewer.bytes(0x21, 1, 2, 3), false);

      assertThat(viewer.request().send(QuicViewer.head(GET), true).end().reset())
          .isEqualTo(QuicViewer.WHOLE);
    }
  }

  @Test
  void a_control_stream_stays_and_is_one() throws Exception {
    try (QuicViewer closing = QuicViewer.silent(edge, "a.example");
        QuicViewer twice = QuicViewer.silent(edge, "a.example")) {
      closing.side().send(control(SETTINGS), true);
      twice.side().send(control(SETTINGS), false);
      twice.side().send(control(SETTINGS), false);

      assertThat(closing.error()).isEqualTo(Http3Error.CLOSED_CRITICAL_STREAM.code());
      assertThat(twice.error()).isEqualTo(Http3Error.STREAM_CREATION_ERROR.code());
    }
  }

  @ParameterizedTest
  @MethodSource
  void a_wrong_frame_of_a_request_ends_the_connection(byte[] said, Http3Error error)
      throws Exception {
    try (QuicViewer viewer = QuicViewer.greeting(edge)) {
      viewer.request().send(said, true);

      assertThat(viewer.error()).isEqualTo(error.code());
    }
  }

  static Stream<Arguments> a_wrong_frame_of_a_request_ends_the_connection() {
    byte[] head = QuicViewer.head(GET);
    byte[] data = QuicViewer.frame(Http3Frames.DATA, QuicViewer.bytes('x'));
    byte[] trailers = QuicViewer.head(List.of("x", "y"));
    return Stream.of(
        arguments(data, Http3Error.FRAME_UNEXPECTED),
        arguments(SETTINGS, Http3Error.FRAME_UNEXPECTED),
        arguments(QuicViewer.joined(post(), trailers, data), Http3Error.FRAME_UNEXPECTED),
        arguments(QuicViewer.joined(post(), trailers, trailers), Http3Error.FRAME_UNEXPECTED),
        arguments(
            QuicViewer.joined(head, QuicViewer.frame(0x8, NONE)), Http3Error.FRAME_UNEXPECTED),
        arguments(QuicViewer.frame(Http3Frames.PUSH_PROMISE, NONE), Http3Error.FRAME_UNEXPECTED),
        arguments(
            QuicViewer.frame(Http3Frames.PRIORITY_UPDATE, QuicViewer.bytes(0)),
            Http3Error.FRAME_UNEXPECTED),
        arguments(QuicViewer.bytes(1, 5, 0), Http3Error.FRAME_ERROR),
        arguments(QuicViewer.bytes(0x40), Http3Error.FRAME_ERROR),
        arguments(
            QuicViewer.joined(QuicViewer.bytes(0x21, 0x80, 1, 0, 1), head),
            Http3Error.EXCESSIVE_LOAD),
        arguments(QuicViewer.bytes(1, 0), Http3Error.QPACK_DECOMPRESSION_FAILED),
        arguments(QuicViewer.bytes(1, 3, 1, 0, 0x80), Http3Error.QPACK_DECOMPRESSION_FAILED),
        arguments(QuicViewer.bytes(1, 3, 0, 0, 0x80), Http3Error.QPACK_DECOMPRESSION_FAILED),
        arguments(QuicViewer.bytes(1, 3, 0, 0, 0x10), Http3Error.QPACK_DECOMPRESSION_FAILED),
        arguments(QuicViewer.bytes(1, 4, 0, 0, 0xFF, 99), Http3Error.QPACK_DECOMPRESSION_FAILED));
  }

  private static byte[] post(String... more) {
    List<String> fields =
        new ArrayList<>(
            List.of(
                ":method",
                "POST",
                ":scheme",
                "https",
                ":path",
                "/echo",
                ":authority",
                "a.example"));
    fields.addAll(List.of(more));
    return QuicViewer.head(fields);
  }

  @ParameterizedTest
  @MethodSource
  void a_malformed_request_is_a_stream_error(byte[] said) throws Exception {
    try (QuicViewer viewer = QuicViewer.greeting(edge)) {
      assertThat(viewer.request().send(said, true).end().reset())
          .isEqualTo(Http3Error.MESSAGE_ERROR.code());

      assertThat(viewer.request().send(QuicViewer.head(GET), true).end().reset())
          .as("the connection goes on")
          .isEqualTo(QuicViewer.WHOLE);
    }
  }

  static Stream<byte[]> a_malformed_request_is_a_stream_error() {
    byte[] data = QuicViewer.frame(Http3Frames.DATA, QuicViewer.bytes('x', 'y'));
    return Stream.of(
        with("Upper", "case"),
        with("connection", "close"),
        with("transfer-encoding", "chunked"),
        with("te", "gzip"),
        with("x", "a\nb"),
        with("x", " blank"),
        with(":path", "/twice"),
        with(":unknown", "x"),
        with("content-length", "1"),
        QuicViewer.head(List.of(":method", "GET", ":scheme", "https", ":authority", "a.example")),
        QuicViewer.head(List.of(":method", "GET", ":scheme", "https", ":path", "/x")),
        QuicViewer.head(List.of("x", "y")),
        QuicViewer.joined(post("content-length", "1"), data),
        QuicViewer.joined(post("content-length", "3"), data),
        QuicViewer.joined(post(), data, QuicViewer.head(List.of(":path", "/x"))));
  }

  private static byte[] with(String name, String value) {
    List<String> fields = new ArrayList<>(GET);
    fields.addAll(List.of(name, value));
    return QuicViewer.head(fields);
  }

  @Test
  void a_request_without_a_head_is_incomplete() throws Exception {
    try (QuicViewer viewer = QuicViewer.greeting(edge)) {
      assertThat(viewer.request().send(NONE, true).end().reset())
          .isEqualTo(Http3Error.REQUEST_INCOMPLETE.code());
    }
  }

  @Test
  void frames_may_come_in_pieces_and_among_unknown_ones() throws Exception {
    byte[] grease = QuicViewer.frame(0x21 + 0x1F * 1000, new byte[100]);
    byte[] whole =
        QuicViewer.joined(
            grease,
            post("content-length", "6"),
            QuicViewer.frame(Http3Frames.DATA, Ascii.bytes("abc")),
            grease,
            QuicViewer.frame(Http3Frames.DATA, Ascii.bytes("def")),
            QuicViewer.head(List.of("trailer", "dropped")));
    try (QuicViewer viewer = QuicViewer.greeting(edge)) {
      QuicViewer.Stream stream = viewer.request();
      for (int i = 0; i < whole.length; i++) {
        stream.send(QuicViewer.bytes(whole[i]), i == whole.length - 1);
      }

      assertThat(stream.end().bytes()).endsWith("abcdef");
    }
  }

  @Test
  void the_end_of_a_get_may_come_later() throws Exception {
    try (QuicViewer viewer = QuicViewer.greeting(edge)) {
      QuicViewer.Stream stream = viewer.request().send(QuicViewer.head(GET), false);
      viewer.request().send(QuicViewer.head(GET), true).end(); // so that the first was read

      assertThat(stream.send(NONE, true).end().reset()).isEqualTo(QuicViewer.WHOLE);
      assertThat(edge.site.requests).hasSize(2).allMatch(request -> !request.hasBody());
    }
  }

  @Test
  void a_get_with_a_body_is_one_with_a_body() throws Exception {
    try (QuicViewer viewer = QuicViewer.greeting(edge)) {
      byte[] data = QuicViewer.frame(Http3Frames.DATA, QuicViewer.bytes('x'));

      viewer.request().send(QuicViewer.joined(QuicViewer.head(GET), data), true).end();

      assertThat(edge.site.requests).hasSize(1).allMatch(request -> request.hasBody());
    }
  }
}
