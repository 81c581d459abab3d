package warmfront.control.api;

import java.util.Hashtable;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;
import org.jspecify.annotations.Nullable;

/**
 * Where domains point, as resolvers say.
 *
 * @param resolvers which ones, as a URL: {@code dns:} for those of this machine
 */
record SystemPointers(String resolvers) implements DomainPointers {
  private static final String CNAME = "CNAME";

  /** Milliseconds of the first attempt, and how many there are; each waits twice as long. */
  private static final String TIMEOUT = "1000";

  private static final String ATTEMPTS = "2";

  @Override
  @SuppressWarnings("BanJNDI") // of DNS, which has texts and no objects
  public Pointer of(String domain) {
    try {
      DirContext dns = new InitialDirContext(environment());
      try {
        @Nullable Attribute found = dns.getAttributes(domain, new String[] {CNAME}).get(CNAME);
        return found == null
            ? new None()
            : new Alias(withoutDot(AliasRules.lower(String.valueOf(found.get()))));
      } finally {
        dns.close();
      }
    } catch (NameNotFoundException e) {
      return new None();
    } catch (NamingException e) {
      return new Unknown(e.getClass().getSimpleName());
    }
  }

  @SuppressWarnings("JdkObsolete") // the constructor takes no other map
  private Hashtable<String, String> environment() {
    Hashtable<String, String> environment = new Hashtable<>();
    environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
    environment.put(Context.PROVIDER_URL, resolvers);
    environment.put("com.sun.jndi.dns.timeout.initial", TIMEOUT);
    environment.put("com.sun.jndi.dns.timeout.retries", ATTEMPTS);
    return environment;
  }

  private static String withoutDot(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
