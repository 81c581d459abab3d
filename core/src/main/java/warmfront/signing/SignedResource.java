package warmfront.signing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is asked for, as policies name it. */
public sealed interface SignedResource {
  /** Returns the texts any of which a canned policy may name. */
  List<String> names();

  /** Returns whether the Resource of a custom policy means it. */
  boolean matches(String pattern);

  /**
   * A URL.
   *
   * @param scheme {@code http} or {@code https}
   * @param host as the viewer wrote it, perhaps with a port, which policies may name or not:
   *     CloudFront has no ports but the schemes' own
   * @param path the raw path, begins with a slash
   * @param query the raw query without the signature's parameters and without its question mark
   */
  record Url(String scheme, String host, String path, String query) implements SignedResource {
    @Override
    public List<String> names() {
      return hosts().stream()
          .map(one -> scheme + "://" + one + path + (query.isEmpty() ? "" : "?" + query))
          .toList();
    }

    private List<String> hosts() {
      int colon = host.lastIndexOf(':');
      return colon > host.lastIndexOf(']')
          ? List.of(host, host.substring(0, colon))
          : List.of(host);
    }

    /**
     * Wildcards match inside their section: scheme, domain, path or query; one at the end of the
     * domain or path covers all that follows (CloudFront, "Values that you specify in the policy
     * statement for a signed URL that uses a custom policy").
     */
    @Override
    public boolean matches(String pattern) {
      if (pattern.equals("*")) {
        return true;
      }
      int colon = pattern.indexOf("://");
      if (colon >= 0 && !Glob.matches(pattern.substring(0, colon), scheme)) {
        return false;
      }
      String rest = colon < 0 ? pattern : pattern.substring(colon + "://".length());
      int slash = rest.indexOf('/');
      String domain = slash < 0 ? rest : rest.substring(0, slash);
      if (hosts().stream().noneMatch(one -> Glob.matches(lower(domain), lower(one)))) {
        return false;
      }
      return slash < 0
          ? domain.endsWith("*") || (path.equals("/") && query.isEmpty())
          : matchesPath(rest.substring(slash));
    }

    /**
     * A question mark is a wildcard or the query's beginning; which of them, only the signer knows,
     * unless there is one behind a backslash, which begins the query.
     */
    private boolean matchesPath(String pattern) {
      int escaped = pattern.indexOf("\\?");
      if (escaped >= 0) {
        return matches(pattern.substring(0, escaped), pattern.substring(escaped + 2));
      }
      for (int mark = pattern.indexOf('?'); mark >= 0; mark = pattern.indexOf('?', mark + 1)) {
        if (matches(pattern.substring(0, mark), pattern.substring(mark + 1))) {
          return true;
        }
      }
      return Glob.matches(pattern, path) && (query.isEmpty() || pattern.endsWith("*"));
    }

    private boolean matches(String pathPattern, String queryPattern) {
      return Glob.matches(pathPattern, path) && Glob.matches(queryPattern, query);
    }

    private static String lower(String text) {
      return text.toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A stream name: without {@code mp4:} or {@code mp3:}, with or without its extension, as players
   * write either (CloudFront, "Creating a signed URL using a canned policy", 2017).
   *
   * @param path the name without prefix and query
   * @param extension what a name without an extension lacks, with its dot
   * @param query the query without the signature's parameters
   */
  record Stream(String path, String extension, String query) implements SignedResource {
    @Override
    public List<String> names() {
      int dot = path.lastIndexOf('.');
      boolean extended = dot > path.lastIndexOf('/');
      List<String> names = new ArrayList<>();
      names.add(path);
      names.add(extended ? path.substring(0, dot) : path + extension);
      if (!query.isEmpty()) {
        names.add(path + "?" + query);
        names.add(names.get(1) + "?" + query);
      }
      return List.copyOf(names);
    }

    @Override
    public boolean matches(String pattern) {
      return names().stream().anyMatch(name -> Glob.matches(pattern, name));
    }
  }
}
