package warmfront.control.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import warmfront.snapshot.wire.LogEntry;

/** A store that counts what is asked of it and how much it gives. Thread-safe. */
public final class CountingStore implements Store {
  private final Store store;
  private final AtomicLong asked = new AtomicLong();
  private final AtomicLong given = new AtomicLong();

  /**
   * What was counted.
   *
   * @param asked calls within transactions
   * @param given rows, resources, entries and tags that they returned
   */
  public record Count(long asked, long given) {}

  /** Counts for this one, and closes it with itself. */
  public CountingStore(Store store) {
    this.store = store;
  }

  /** Returns what was counted since this was last called. */
  public Count take() {
    return new Count(asked.getAndSet(0), given.getAndSet(0));
  }

  @Override
  public <T> T write(Function<Transaction, T> work) {
    return store.write(transaction -> work.apply(counted(transaction)));
  }

  @Override
  public <T> T read(Function<Transaction, T> work) {
    return store.read(transaction -> work.apply(counted(transaction)));
  }

  private Transaction counted(Transaction transaction) {
    return (Transaction)
        Proxy.newProxyInstance(
            Transaction.class.getClassLoader(),
            new Class<?>[] {Transaction.class},
            (_, method, arguments) -> count(transaction, method, arguments));
  }

  private Object count(Transaction transaction, Method method, Object[] arguments)
      throws Throwable {
    try {
      Object result = method.invoke(transaction, arguments);
      asked.incrementAndGet();
      given.addAndGet(
          switch (result) {
            case Collection<?> many -> many.size();
            case Map<?, ?> many -> many.size();
            case Optional<?> one -> one.isPresent() ? 1 : 0;
            case null, default -> 0;
          });
      return result;
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }

  @Override
  public Lead lead(String task) {
    return store.lead(task);
  }

  @Override
  public boolean isShared() {
    return store.isShared();
  }

  @Override
  public LogHead head() {
    return store.head();
  }

  @Override
  public List<LogEntry> after(long revision, int max) {
    List<LogEntry> entries = store.after(revision, max);
    given.addAndGet(entries.size());
    return entries;
  }

  @Override
  public Picture picture() {
    Picture picture = store.picture();
    given.addAndGet(picture.entries().size());
    return picture;
  }

  @Override
  public long raiseEpoch() {
    return store.raiseEpoch();
  }

  @Override
  public int prune(long upTo) {
    return store.prune(upTo);
  }

  @Override
  public void onAppend(Runnable listener) {
    store.onAppend(listener);
  }

  @Override
  public void close() {
    store.close();
  }
}
