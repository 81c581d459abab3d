package warmfront.edge.viewer;

import warmfront.bytes.Flow;

/** The body of a request that has none; the same for all, because nothing in it changes. */
final class NoBody implements Flow {
  static final NoBody INSTANCE = new NoBody();

  private NoBody() {}

  @Override
  public void next(Receiver receiver) {
    receiver.end();
  }

  @Override
  public void cancel() {}
}
