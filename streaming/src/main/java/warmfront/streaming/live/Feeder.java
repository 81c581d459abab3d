package warmfront.streaming.live;

/** One from whom a channel has its frames: who publishes it here, or its home elsewhere. */
sealed interface Feeder permits Publisher, Pull {
  /** Another is in its place, or the channel is no more; from any thread. */
  void replaced();

  /** Returns whether it brings what is published elsewhere, so that a publisher may take over. */
  boolean isPull();
}
