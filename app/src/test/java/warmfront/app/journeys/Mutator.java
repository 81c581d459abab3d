package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Someone who changes things and keeps in mind what was acknowledged. When a call breaks off,
 * nobody knows what became of it: it is asked, and the same call made again. For one thread.
 */
final class Mutator {
  private static final int ORIGIN_PORT = 8080;
  private static final Pattern SUMMARY =
      Pattern.compile("<DistributionSummary><Id>([^<]+)</Id>.*?<Comment>([^<]*)</Comment>");

  /** A distribution as it was acknowledged. */
  private static final class Site {
    final String reference;
    String id = "";
    String arn = "";
    String etag = "";
    int root;
    final Map<String, String> invalidations = new LinkedHashMap<>();
    final TreeSet<String> tags = new TreeSet<>();

    Site(String reference) {
      this.reference = reference;
    }
  }

  private final Api api;
  private final String name;
  private final AtomicInteger acknowledged;
  private final AtomicInteger broken;
  private final List<Site> sites = new ArrayList<>();
  private int calls;

  /**
   * Makes one.
   *
   * @param api closed with it
   * @param name that no other one has
   * @param acknowledged counts what all of them were acknowledged
   * @param broken counts calls of all of them that broke off
   */
  Mutator(Api api, String name, AtomicInteger acknowledged, AtomicInteger broken) {
    this.api = api;
    this.name = name;
    this.acknowledged = acknowledged;
    this.broken = broken;
  }

  /** A call, and what is to be done when it broke off and the API is there again. */
  private interface Step {
    void take() throws Exception;
  }

  /** Changes things until so much was acknowledged. */
  void goOn(int until) throws Exception {
    while (acknowledged.get() < until) {
      if (calls++ % 5 == 0) {
        sites.add(new Site(name + "-" + calls));
      }
      Site site = sites.getLast();
      String number = String.valueOf(calls);
      switch (calls % 5) {
        case 1 -> step(() -> create(site), () -> created(site));
        case 2, 4 -> {
          int root = calls;
          step(() -> update(site, root), () -> updated(site, root));
        }
        case 3 -> step(() -> invalidate(site, number), () -> invalidate(site, number));
        default -> step(() -> tag(site, number), () -> tag(site, number));
      }
      acknowledged.incrementAndGet();
    }
  }

  private void step(Step call, Step afterwards) throws Exception {
    try {
      call.take();
    } catch (IOException brokenOff) {
      broken.incrementAndGet();
      Await.until("the API is there again", this::isThere);
      afterwards.take();
    }
  }

  private boolean isThere() throws InterruptedException {
    try {
      return api.call("GET", "distribution?MaxItems=1", "").status() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  private void create(Site site) throws Exception {
    Api.Answer answer = api.call("POST", "distribution", config(site, 0));
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    take(site, answer);
  }

  /** It is there or it is not: made again, it is refused for one that is whole, or it is made. */
  private void created(Site site) throws Exception {
    Api.Answer again = api.call("POST", "distribution", config(site, 0));
    if (again.status() == 201) {
      take(site, again);
      return;
    }
    assertThat(again.text("Code")).isEqualTo("DistributionAlreadyExists");
    String id = listed(api).get(site.reference);
    assertThat(id).as("%s, whose name is taken, is listed", site.reference).isNotNull();
    Api.Answer found = api.call("GET", "distribution/" + id, "");
    assertThat(found.status()).as(found.body()).isEqualTo(200);
    take(site, found);
  }

  private static void take(Site site, Api.Answer answer) {
    site.id = answer.text("Id");
    site.arn = answer.text("ARN");
    site.etag = answer.etag().orElseThrow();
  }

  private void update(Site site, int root) throws Exception {
    Api.Answer answer =
        api.call(
            "PUT",
            "distribution/" + site.id + "/config",
            config(site, root),
            "If-Match",
            site.etag);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    site.etag = answer.etag().orElseThrow();
    site.root = root;
  }

  /** It is as before, version and all, or as was asked, and then it has another version. */
  private void updated(Site site, int root) throws Exception {
    Api.Answer now = api.call("GET", "distribution/" + site.id, "");
    assertThat(now.status()).as(now.body()).isEqualTo(200);
    if (now.etag().orElseThrow().equals(site.etag)) {
      assertThat(now.text("DefaultRootObject")).isEqualTo(object(site.root));
      update(site, root);
    } else {
      assertThat(now.text("DefaultRootObject")).isEqualTo(object(root));
      site.etag = now.etag().orElseThrow();
      site.root = root;
    }
  }

  private void invalidate(Site site, String reference) throws Exception {
    Api.Answer answer =
        api.call(
            "POST",
            "distribution/" + site.id + "/invalidation",
            "<InvalidationBatch xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Paths>"
                + "<Quantity>1</Quantity><Items><Path>/%s</Path></Items></Paths>"
                    .formatted(reference)
                + "<CallerReference>%s</CallerReference></InvalidationBatch>".formatted(reference));
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    site.invalidations.put(answer.text("Id"), "/" + reference);
  }

  private void tag(Site site, String key) throws Exception {
    Api.Answer answer =
        api.call(
            "POST",
            "tagging?Operation=Tag&Resource=" + site.arn.replace(":", "%3A").replace("/", "%2F"),
            "<Tags xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Items><Tag><Key>k%s</Key>"
                    .formatted(key)
                + "<Value>v</Value></Tag></Items></Tags>");
    assertThat(answer.status()).as(answer.body()).isEqualTo(204);
    site.tags.add("k" + key);
  }

  /** Looks at everything that was acknowledged; returns the ids of its distributions. */
  List<String> check() throws Exception {
    List<String> ids = new ArrayList<>();
    for (Site site : sites) {
      Api.Answer now = api.call("GET", "distribution/" + site.id, "");
      assertThat(now.status()).as(now.body()).isEqualTo(200);
      assertThat(now.etag()).as(site.reference).contains(site.etag);
      assertThat(now.text("DefaultRootObject")).isEqualTo(object(site.root));
      for (Map.Entry<String, String> one : site.invalidations.entrySet()) {
        Api.Answer invalidation =
            api.call("GET", "distribution/" + site.id + "/invalidation/" + one.getKey(), "");
        assertThat(invalidation.text("Path")).isEqualTo(one.getValue());
      }
      String tags =
          api.call(
                  "GET", "tagging?Resource=" + site.arn.replace(":", "%3A").replace("/", "%2F"), "")
              .body();
      site.tags.forEach(tag -> assertThat(tags).contains("<Key>" + tag + "</Key>"));
      ids.add(site.id);
    }
    return ids;
  }

  /** Returns all distributions: their ids by what their makers called them. */
  static Map<String, String> listed(Api api) throws Exception {
    Map<String, String> ids = new LinkedHashMap<>();
    String marker = "";
    do {
      Api.Answer page = api.call("GET", "distribution?MaxItems=100" + marker, "");
      assertThat(page.status()).as(page.body()).isEqualTo(200);
      Matcher summary = SUMMARY.matcher(page.body());
      while (summary.find()) {
        assertThat(ids.put(summary.group(2), summary.group(1))).as(summary.group(2)).isNull();
      }
      marker = page.body().contains("<NextMarker>") ? "&Marker=" + page.text("NextMarker") : "";
    } while (!marker.isEmpty());
    return ids;
  }

  void close() {
    api.close();
  }

  private static String object(int root) {
    return "index-" + root + ".html";
  }

  private static String config(Site site, int root) {
    return Api.plain(site.reference, ORIGIN_PORT).replace("index.html", object(root));
  }
}
