package warmfront.edge.viewer;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Head;
import warmfront.edge.step.Response;
import warmfront.edge.step.ResultType;
import warmfront.edge.step.Stamp;
import warmfront.http.Fields;

/**
 * Writes the heads of one connection's responses: the form that is kept with the object, and what
 * differs. Of the dynamic table it uses a little, and only for what every response says again (Via,
 * Alt-Svc, X-Amz-Cf-Pop, X-Cache) or names again: so little that nothing is ever evicted, and that
 * every viewer has room for it but one who says that it has not.
 */
final class Http2Heads {
  private static final int DATE = HpackStatic.index("date");
  private static final int AGE = HpackStatic.index("age");
  private static final int VIA = HpackStatic.index("via");
  private static final int NOT_KEPT = -1;
  private static final String CACHE_NAME = "Warmfront; ";

  private final Loop loop;
  private final Door door;
  private final Map<ResultType, Integer> results = new EnumMap<>(ResultType.class);
  private int kept;
  private int pop = NOT_KEPT;
  private int via = NOT_KEPT;
  private int altSvc = NOT_KEPT;
  private int id = NOT_KEPT;
  private int status = NOT_KEPT;
  private boolean keeps = true;
  private boolean sizeDue;

  Http2Heads(Loop loop, Door door) {
    this.loop = loop;
    this.door = door;
  }

  /** The viewer says how large a table it keeps for us: a smaller one than usual is not used. */
  void tableBytes(long bytes) {
    if (bytes < HpackDecoder.TABLE_BYTES_MAX && keeps) {
      keeps = false;
      sizeDue = true;
      pop = NOT_KEPT;
      via = NOT_KEPT;
      altSvc = NOT_KEPT;
      id = NOT_KEPT;
      status = NOT_KEPT;
      results.clear();
    }
  }

  /** Returns the block of a response's head, lent until the caller returns. */
  HpackBlock write(Response response) {
    Http2Form form = Http2Form.of(response.head());
    Stamp stamp = response.stamp();
    HpackBlock block = begin().encoded(form.bytes());
    if (!form.dated()) {
      block.unkept(DATE).encoded(loop.dateText());
    }
    result(block, stamp.result());
    if (stamp.ageSeconds() >= 0) {
      block.unkept(AGE).decimal(stamp.ageSeconds());
    }
    @Nullable String cacheStatus = stamp.cacheStatus();
    if (cacheStatus != null) {
      status = name(block, status, "cache-status");
      block.text(CACHE_NAME, cacheStatus);
    }
    pop(block);
    via(block);
    altSvc(block);
    id = name(block, id, "x-amz-cf-id");
    block.text(stamp.requestId());
    return block;
  }

  /** Returns the block of the fields after a body, lent until the caller returns. */
  HpackBlock trailers(Fields fields) {
    HpackBlock block = begin();
    fields.forEach((name, value) -> block.line(Ascii.lower(name), value.strip()));
    return block;
  }

  /** Returns the block of an interim response (RFC 9110, 15.2), lent until the caller returns. */
  HpackBlock interim(int code) {
    return begin().status(code);
  }

  /** Returns the block of an interim response that has fields. */
  HpackBlock interim(Head head) {
    return begin().encoded(Http2Form.of(head).bytes());
  }

  private HpackBlock begin() {
    HpackBlock block = loop.http2().block();
    if (sizeDue) {
      sizeDue = false;
      block.tableSize(0);
    }
    return block;
  }

  private void result(HpackBlock block, ResultType result) {
    @Nullable Integer known = results.get(result);
    if (known != null && known >= 0) {
      block.indexed(index(known));
    } else {
      keep(block).shortText("x-cache").shortText(Http1Form.xCache(result));
      results.put(result, entry());
    }
  }

  private void pop(HpackBlock block) {
    if (pop >= 0) {
      block.indexed(index(pop));
    } else {
      keep(block).shortText("x-amz-cf-pop").shortText(door.pop());
      pop = entry();
    }
  }

  private void via(HpackBlock block) {
    if (via >= 0) {
      block.indexed(index(via));
    } else if (keeps) {
      block.kept(VIA).shortText(door.via());
      via = entry();
    } else {
      block.unkept(VIA).shortText(door.via());
    }
  }

  private void altSvc(HpackBlock block) {
    @Nullable String said = door.altSvc();
    if (altSvc >= 0) {
      block.indexed(index(altSvc));
    } else if (said != null) {
      keep(block).shortText("alt-svc").shortText(said);
      altSvc = entry();
    }
  }

  /** Begins a line of which the name alone comes again; returns where the table has it. */
  private int name(HpackBlock block, int known, String name) {
    if (known >= 0) {
      block.unkept(index(known));
      return known;
    }
    keep(block).shortText(name);
    return entry();
  }

  private HpackBlock keep(HpackBlock block) {
    return keeps ? block.kept(0) : block.unkept(0);
  }

  /** Counts a line that the table keeps; returns how many it had before. */
  private int entry() {
    return keeps ? kept++ : NOT_KEPT;
  }

  private int index(int entry) {
    return HpackStatic.SIZE + kept - entry;
  }
}
