# Sourced by ./warmfront and bench/peers/warmfront: finds a JDK, and becomes a JVM that runs the product.
# shellcheck shell=bash disable=SC2154 # home, lib, cache and die are the caller's

wanted=25 # the JDK's major version, or newer

# Prints the major version of the JDK in folder $1; fails if there is none.
jdk_version() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

# Sets JAVA_HOME to a JDK that is new enough: JAVA_HOME itself, the usual folders, PATH.
find_jdk() {
  local folder version onpath=
  onpath=$(command -v javac || true)
  [ -z "$onpath" ] || onpath=$(dirname "$(dirname "$(readlink -f "$onpath")")")
  shopt -s nullglob
  for folder in ${JAVA_HOME:+"$JAVA_HOME"} /usr/lib/jvm/*"$wanted"* /usr/lib/jvm/* /usr/java/* /opt/java/* \
    /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    ${onpath:+"$onpath"}; do
    version=$(jdk_version "$folder") || continue
    if [ "${version:-0}" -ge "$wanted" ]; then
      export JAVA_HOME=$folder
      shopt -u nullglob
      return
    fi
  done
  shopt -u nullglob
  die "needs a JDK $wanted or newer (looked in JAVA_HOME, /usr/lib/jvm, /opt, ~/.sdkman, PATH); install one, or set JAVA_HOME"
}

# Ends in the JVM: the script's own pid and group. docs/decisions/0006 says why these flags, and what they cost and save.
run() {
  local role=$1 main=${main:-warmfront.app.Main} heap=${WARMFRONT_HEAP:-768m} direct=${WARMFRONT_DIRECT:-1073741824} flags=() aot=up
  case $role in
    up | demo | control) flags=(-Xms64m) ;;
    edge | routing)
      flags=(-Xms20m -Xmn8m -XX:MaxTenuringThreshold=1 -XX:+UseSerialGC -XX:InlineSmallCode=1500 -XX:FreqInlineSize=100
        -XX:Tier0InvokeNotifyFreqLog=5 -XX:Tier2InvokeNotifyFreqLog=15 -XX:Tier2BackedgeNotifyFreqLog=17)
      aot=edge
      ;;
    *) flags=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1) ;;
  esac
  if [ -n "${WARMFRONT_TRAIN:-}" ]; then
    flags+=("-XX:AOTCacheOutput=$WARMFRONT_TRAIN")
  elif [ -f "$cache/$aot.aot" ]; then
    flags+=("-XX:AOTCache=$cache/$aot.aot")
  fi
  # The cache bounds its own memory, Netty the rest of what is off the heap ($direct, in bytes).
  # Native libraries (Netty, SQLite) and their memory access; the JVM's own words go to stderr, a cache that does not fit
  # is passed over in silence; key stores are only in memory here, so stretching their passwords buys nothing.
  # shellcheck disable=SC2086 # WARMFRONT_JAVA_OPTS is a list of words
  exec "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -Xlog:disable -Xlog:all=warning:stderr '-Xlog:aot*=off:stderr' '-Xlog:cds*=off:stderr' \
    -XX:+UseCompactObjectHeaders -XX:+ExitOnOutOfMemoryError "-Xmx$heap" -XX:MaxDirectMemorySize=1t "${flags[@]}" \
    "-Dio.netty.maxDirectMemory=$direct" -Dio.netty.leakDetection.level=disabled -Dio.netty.jfr.enabled=false \
    -Dslf4j.provider=org.slf4j.jul.JULServiceProvider -Dslf4j.internal.verbosity=WARN \
    "-Djava.library.path=$lib/native" \
    -Dkeystore.pkcs12.keyPbeIterationCount=1 -Dkeystore.pkcs12.certPbeIterationCount=1 \
    -Dfile.encoding=UTF-8 "-Dwarmfront.home=$home" ${WARMFRONT_JAVA_OPTS:-} -cp "$lib/*" "$main" "$@"
}
