package warmfront.streaming.play;

/** Why bytes of an object do not come. */
sealed interface Failure {
  /** The object has other content now; what was read of it does not fit what would come. */
  record Changed() implements Failure {}

  /** There is none, or it may not be had; {@code status} as HTTP has it. */
  record Missing(int status) implements Failure {}

  /** They broke off. */
  record Broken(String reason) implements Failure {}

  /** Returns whether asking once more may help. */
  static boolean mayPass(Failure failure) {
    return switch (failure) {
      case Changed() -> false;
      case Missing(int status) -> status >= 500;
      case Broken(String _) -> true;
    };
  }
}
