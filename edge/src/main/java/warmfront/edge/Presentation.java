package warmfront.edge;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import warmfront.bytes.Flow;
import warmfront.bytes.RangedReader.Answer;
import warmfront.bytes.RangedReader.Found;
import warmfront.bytes.RangedReader.Lacking;
import warmfront.bytes.Slice;
import warmfront.edge.smooth.BadPresentation;
import warmfront.edge.smooth.FragmentIndex;
import warmfront.edge.smooth.Piece;
import warmfront.edge.smooth.Tracks;
import warmfront.edge.step.Body;
import warmfront.edge.step.Head;
import warmfront.edge.step.Request;
import warmfront.edge.step.Response;
import warmfront.edge.step.Route;
import warmfront.http.ByteRange;
import warmfront.http.Fields;
import warmfront.http.Method;

/**
 * A presentation of Smooth Streaming at the origin of one behavior: finds where a piece of it lies,
 * by reading its server manifest and the index of a file as exchanges without a viewer do. What it
 * reads is cached as any object. Waits; off the loop.
 */
final class Presentation {
  private static final int MANIFEST_BYTES_MAX = 1 << 20;

  /** More than a day of fragments, of ten tracks. */
  private static final int INDEX_BYTES_MAX = 8 << 20;

  private static final String CHANGED = "The presentation changed while it was read.";

  private final Rooms rooms;
  private final Request matched;
  private final Route route;
  private final Request allowed;

  /** Where a piece of a presentation is. */
  sealed interface Place {
    /**
     * In a file of the origin's.
     *
     * @param path the file's
     * @param part of the file; empty for all of it
     * @param type the media type
     */
    record There(String path, Optional<ByteRange> part, String type) implements Place {
      /** Returns the request for what is there. */
      Request asked(Request allowed) {
        Request there = allowed.withPath(path).withQuery(null);
        return part.map(there::withRange).orElse(there);
      }

      /** Returns the piece as what was asked for, from what came of its file. */
      Response piece(Response came, Executor loop) {
        Head head = came.head();
        boolean whole = head.status() == 200;
        if (!whole && (head.status() != 206 || part.isEmpty())) {
          return came;
        }
        Fields fields =
            head.fields()
                .edit()
                .removeIf(name ->
                    name.equalsIgnoreCase("Content-Range")
                        || (part.isPresent() && name.equalsIgnoreCase("Accept-Ranges")))
                .set("Content-Type", type)
                .build();
        long length = part.map(ByteRange::length).orElse(head.contentLength());
        return new Response(
            new Head(200, fields, length),
            came.stamp(),
            whole && part.isPresent() ? cut(came.body(), part.get(), loop) : came.body(),
            came.close());
      }

      /** An origin that gives no parts gives the file. */
      private static Body cut(Body file, ByteRange part, Executor loop) {
        return new Body.Flowing(
            new PartFlow(Answers.flow(file), part.first(), part.length(), loop));
      }
    }

    /** Nowhere, or it cannot be told. */
    record Lacking(int status, String why) implements Place {}
  }

  /** A file could not be read. */
  private static final class Missing extends Exception {
    private static final long serialVersionUID = 1L;
    private final int status;

    Missing(int status, String why) {
      super(why);
      this.status = status;
    }
  }

  /**
   * Makes it.
   *
   * @param matched the request as it came
   * @param route the behavior that it matched, whose origin has the files
   * @param allowed the request as it was admitted
   */
  Presentation(Rooms rooms, Request matched, Route route, Request allowed) {
    this.rooms = rooms.forReaders();
    this.matched = matched;
    this.route = route;
    this.allowed = allowed.withQuery(null).withFields(Fields.of("Host", matched.host()));
  }

  /** Returns which piece a request asks for; empty if it asks for an object. */
  static Optional<Piece> piece(Route route, Request request) {
    return route.behavior().options().smooth() && request.method().equals(Method.GET)
        ? Piece.of(request.path())
        : Optional.empty();
  }

  /** Finds a piece. */
  Place find(Piece piece) {
    try {
      Tracks tracks = Tracks.parse(read(piece.presentation(), 0, MANIFEST_BYTES_MAX).bytes);
      return switch (piece) {
        case Piece.Manifest _ ->
            new Place.There(beside(piece, tracks.clientManifest()), Optional.empty(), "text/xml");
        case Piece.Fragment fragment -> find(fragment, tracks);
      };
    } catch (Missing e) {
      return new Place.Lacking(e.status, String.valueOf(e.getMessage()));
    } catch (BadPresentation e) {
      return new Place.Lacking(502, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Place.Lacking(503, "The edge ends.");
    }
  }

  private static String beside(Piece piece, String file) {
    String presentation = piece.presentation();
    return presentation.substring(0, presentation.lastIndexOf('/') + 1) + file;
  }

  private Place find(Piece.Fragment fragment, Tracks tracks)
      throws Missing, BadPresentation, InterruptedException {
    Optional<Tracks.Track> track = tracks.find(fragment);
    if (track.isEmpty()) {
      return new Place.Lacking(404, "The presentation has no such track.");
    }
    String path = beside(fragment, track.get().file());
    Part begin = read(path, 0, 1);
    long length = begin.of;
    if (length < FragmentIndex.OFFSET_BYTES) {
      throw new BadPresentation("the file is too short");
    }
    byte[] end = same(begin, path, length - FragmentIndex.OFFSET_BYTES, FragmentIndex.OFFSET_BYTES);
    long indexBytes = FragmentIndex.bytes(end);
    if (indexBytes > Math.min(length, INDEX_BYTES_MAX)) {
      throw new BadPresentation("the file's index of its fragments is too long");
    }
    byte[] index = same(begin, path, length - indexBytes, indexBytes);
    OptionalLong at = FragmentIndex.find(index, track.get().id(), fragment.time());
    if (at.isEmpty()) {
      return new Place.Lacking(404, "The track has no fragment that begins then.");
    }
    long first = at.getAsLong();
    long data = first + boxBytes(begin, path, first, "moof");
    long next = data + boxBytes(begin, path, data, "mdat");
    if (next > length) {
      throw new BadPresentation("a fragment is longer than its file");
    }
    return new Place.There(path, Optional.of(new ByteRange(first, next - 1)), type(track.get()));
  }

  private static String type(Tracks.Track track) {
    return switch (track.kind()) {
      case "video" -> "video/mp4";
      case "audio" -> "audio/mp4";
      default -> "application/mp4";
    };
  }

  private long boxBytes(Part begin, String path, long at, String name)
      throws Missing, BadPresentation, InterruptedException {
    long length = begin.of;
    if (at < 0 || at > length - FragmentIndex.HEAD_BYTES) {
      throw new BadPresentation("the index leads out of the file");
    }
    long bytes = FragmentIndex.boxBytes(same(begin, path, at, FragmentIndex.HEAD_BYTES), name);
    if (bytes > length - at) {
      throw new BadPresentation("a box is longer than its file");
    }
    return bytes;
  }

  /** Reads a part of a file of which another was read. */
  private byte[] same(Part other, String path, long from, long length)
      throws Missing, InterruptedException {
    Part part = read(path, from, length);
    if (!part.version.equals(other.version) || part.bytes.length != length) {
      throw new Missing(502, CHANGED);
    }
    return part.bytes;
  }

  /** A part of a file. */
  private static final class Part {
    /** The part; fewer than were asked for at the file's end. */
    private final byte[] bytes;

    /** Length of the file. */
    private final long of;

    /** Version of the file. */
    private final String version;

    Part(byte[] bytes, long of, String version) {
      this.bytes = bytes;
      this.of = of;
      this.version = version;
    }
  }

  private Part read(String path, long from, long length) throws Missing, InterruptedException {
    ByteRange wanted = new ByteRange(from, from + length - 1);
    CompletableFuture<Answer> answered = new CompletableFuture<>();
    Request asked = allowed.withPath(path);
    new Read(rooms, route, matched, asked, wanted, Runnable::run, answered::complete).begin();
    return switch (await(answered, Presentation::letGo)) {
      case Found(long of, String version, _, Flow flow) ->
          new Part(gathered(flow, (int) Math.min(length, of - from)), of, version);
      case Lacking(int status, String why) -> throw new Missing(status, why);
    };
  }

  private static void letGo(Answer answer) {
    if (answer instanceof Found found) {
      found.flow().cancel();
    }
  }

  /** Returns what flows, which is of this length. */
  private byte[] gathered(Flow flow, int length) throws Missing, InterruptedException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    try {
      while (bytes.hasRemaining()) {
        CompletableFuture<Optional<Slice>> next = new CompletableFuture<>();
        flow.next(new Taker(next));
        Optional<Slice> part = await(next, late -> late.ifPresent(Slice::release));
        if (part.isEmpty()) {
          throw new Missing(502, "The file broke off while it was read.");
        }
        bytes.put(part.get().buffer());
        part.get().release();
      }
      return bytes.array();
    } finally {
      flow.cancel();
    }
  }

  /** Takes one part; nothing if none comes. */
  private record Taker(CompletableFuture<Optional<Slice>> next) implements Flow.Receiver {
    @Override
    public void part(Slice part) {
      next.complete(Optional.of(part));
    }

    @Override
    public void end() {
      next.complete(Optional.empty());
    }

    @Override
    public void broken(String reason) {
      next.complete(Optional.empty());
    }
  }

  /**
   * Waits.
   *
   * @param late lets go of what comes too late
   */
  private <T> T await(CompletableFuture<T> coming, Consumer<T> late)
      throws Missing, InterruptedException {
    try {
      return coming.get(rooms.joinMax().toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      var _ = coming.thenAccept(late);
      throw e;
    } catch (TimeoutException e) {
      var _ = coming.thenAccept(late);
      throw new Missing(504, "The origin did not answer in time.");
    }
  }
}
