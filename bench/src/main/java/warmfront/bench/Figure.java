package warmfront.bench;

/** What is measured of a round; smaller is better but for the two rates. */
enum Figure {
  CPU_MICROS("CPU µs/request"),
  KERNEL_MICROS("of it kernel"),
  GIGABYTES_PER_CPU_SECOND("GB/CPU s"),
  REQUESTS_PER_SECOND("requests/s"),
  ORIGIN_REQUESTS("origin requests"),
  FIRST_BYTE_MILLIS("first byte after the origin's, ms"),
  TOTAL_SECONDS("all done, s"),
  P50_MICROS("p50 µs"),
  P99_MICROS("p99 µs"),
  P999_MICROS("p99.9 µs"),
  SYSTEM_CALLS("system calls/request"),
  KIB_PER_CONNECTION("KiB/connection"),
  START_MILLIS("first answer after exec, ms"),
  RESIDENT_MIB("resident MiB"),
  OTHERS_PERCENT("others on the core, %"),
  STOLEN_PERCENT("stolen, %");

  private final String label;

  Figure(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
