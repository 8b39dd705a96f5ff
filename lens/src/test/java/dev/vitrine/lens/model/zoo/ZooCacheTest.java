package dev.vitrine.lens.model.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.model.card.ModelCard;
import dev.vitrine.lens.model.card.ModelCards;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads from a server of the test's own, which behaves as badly as servers do. */
class ZooCacheTest {
    private static final byte[] CONTENT = content(1, 600_000);
    private static final ZooNetwork NETWORK = network(CONTENT);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration IMPATIENCE = Duration.ofMillis(400);

    @TempDir
    private Path folder;

    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    /** What was asked for, with the range where one was: {@code /good 300000}. */
    private final List<String> requests = new CopyOnWriteArrayList<>();

    private ZooCache cache;
    private HttpServer server;

    private static byte[] content(long seed, int length) {
        byte[] content = new byte[length];
        new Random(seed).nextBytes(content);
        return content;
    }

    private static ZooNetwork network(byte[] content) {
        String hash = Digest.of(content);
        return new ZooNetwork("tiny-1", 12, content.length, hash, "some/tiny-1.onnx", "[1, 3, 8, 8]", "torch", "Tiny");
    }

    @BeforeEach
    void start() throws IOException {
        cache = ZooCache.in(folder);
        server = started(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        on("/good", exchange -> send(exchange, CONTENT, CONTENT.length));
        on("/whole", exchange -> {
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT);
        });
        on("/missing", exchange -> exchange.sendResponseHeaders(404, -1));
        on("/other", exchange -> send(exchange, content(2, CONTENT.length), CONTENT.length));
        on("/short", exchange -> send(exchange, content(2, 1000), 1000));
        on("/long", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(CONTENT);
            exchange.getResponseBody().write(CONTENT);
        });
        on("/cut", exchange -> send(exchange, CONTENT, 250_000));
        on("/silent", exchange -> sleep());
        on("/stalls", exchange -> {
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT, 0, 200_000);
            exchange.getResponseBody().flush();
            sleep();
        });
        on("/unsatisfied", exchange -> {
            if (exchange.getRequestHeaders().containsKey("Range")) {
                exchange.sendResponseHeaders(416, -1);
            } else {
                send(exchange, CONTENT, CONTENT.length);
            }
        });
        on("/around", exchange -> redirect(exchange, "/around"));
    }

    @AfterEach
    void stop() {
        servers.forEach(one -> one.stop(0));
        threads.shutdownNow();
    }

    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private <S extends HttpServer> S started(S made) {
        made.setExecutor(threads);
        made.start();
        servers.add(made);
        return made;
    }

    private void on(String path, Answer answer) {
        on(server, path, answer);
    }

    private void on(HttpServer at, String path, Answer answer) {
        at.createContext(path, exchange -> {
            String range = exchange.getRequestHeaders().getFirst("Range");
            requests.add(path + (range == null ? "" : " " + range.replaceAll("\\D", "")));
            try (exchange) {
                answer.to(exchange);
            }
        });
    }

    /** The rest that a request asks for, no more than {@code most} bytes of it; a connection that ends early is cut. */
    private static void send(HttpExchange exchange, byte[] content, int most) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        if (range != null) {
            exchange.getResponseHeaders()
                    .add("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        exchange.sendResponseHeaders(range == null ? 200 : 206, content.length - from);
        exchange.getResponseBody().write(content, from, Math.min(most, content.length - from));
        exchange.getResponseBody().flush();
    }

    private static void redirect(HttpExchange exchange, String to) throws IOException {
        exchange.getResponseHeaders().add("Location", to);
        exchange.sendResponseHeaders(302, -1);
    }

    private static void sleep() {
        try {
            Thread.sleep(20_000);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private URI at(String path) {
        return at("http", "localhost", server, path);
    }

    private static URI at(String scheme, String host, HttpServer of, String path) {
        return URI.create(scheme + "://" + host + ":" + of.getAddress().getPort() + path);
    }

    private static Download download(Duration patience) {
        return new Download(Download.client(Map.of(), patience), patience);
    }

    private Path fetch(Duration patience, String... paths) {
        return cache.fetch(NETWORK, Arrays.stream(paths).map(this::at).toList(), download(patience), Watch.NONE);
    }

    private void isWhole(Path file) {
        assertThat(file).isEqualTo(cache.file(NETWORK)).hasBinaryContent(CONTENT);
        assertThat(folder.resolve("networks")).isDirectoryNotContaining("glob:**.part");
        assertThat(cache.holds(NETWORK)).isTrue();
    }

    private void begin(byte[] part) throws IOException {
        Files.createDirectories(cache.folder());
        Files.write(cache.folder().resolve("tiny-1.onnx.part"), part);
    }

    @Test
    void aNetworkComesWithItsCardAndLabels() {
        Path file = fetch(PATIENCE, "/good");
        isWhole(file);
        ModelCard card = ModelCards.find(file, TensorType.of(ElementType.FLOAT32, 1, 3, 224, 224));
        assertThat(card.name()).isEqualTo("tiny-1");
        assertThat(card.labels().size()).isEqualTo(1000);
        assertThat(card.labels().find("Egyptian cat")).isEqualTo(285);
        assertThat(card.preprocessing().resize()).isEqualTo(256);
        fetch(PATIENCE, "/good");
        assertThat(requests).containsExactly("/good");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/missing", "/other", "/short", "/long", "/silent", "/around"})
    void theNextAddressIsTried(String bad) {
        isWhole(fetch(IMPATIENCE, bad, "/good"));
    }

    @Test
    void whenNoAddressAnswersTheMessageSaysWhatToFetchByHand() {
        assertThatThrownBy(() -> fetch(IMPATIENCE, "/missing", "/other", "/short", "/long", "/silent", "/around"))
                .isInstanceOfSatisfying(
                        VitrineException.class,
                        problem -> assertThat(problem.kind()).isEqualTo(VitrineException.Kind.FAILURE))
                .hasMessageContaining(at("/missing") + " answers with HTTP status 404")
                .hasMessageContaining(at("/other") + " has another file, of SHA-256 ")
                .hasMessageContaining(at("/short") + " has a file of 1000 bytes; expected 600000")
                .hasMessageContaining(at("/long") + " has a file of more than 600000 bytes")
                .hasMessageContaining(at("/silent") + " no answer within the time allowed")
                .hasMessageContaining(at("/around") + " redirects more than 10 times")
                .hasMessageContaining(NETWORK.sha256())
                .hasMessageContaining(cache.file(NETWORK).toString());
        assertThat(cache.holds(NETWORK)).isFalse();
        assertThat(cache.begun(NETWORK)).isZero();
    }

    @Test
    void aServerThatIsNotThereIsNamed() throws IOException {
        server.stop(0);
        assertThatThrownBy(() -> fetch(PATIENCE, "/good")).hasMessageContaining(at("/good") + " cannot be reached");
    }

    @Test
    void aCutConnectionIsGoneOnFrom() {
        isWhole(fetch(PATIENCE, "/cut"));
        assertThat(requests).containsExactly("/cut", "/cut 250000", "/cut 500000");
    }

    @Test
    void aServerThatStallsIsLeftForTheNextWhichGoesOn() {
        isWhole(fetch(IMPATIENCE, "/stalls", "/good"));
        assertThat(requests).last().isEqualTo("/good 200000");
    }

    @Test
    void aPartIsGoneOnFromAfterAnyTime() throws IOException {
        begin(Arrays.copyOf(CONTENT, 599_999));
        isWhole(fetch(PATIENCE, "/good"));
        assertThat(requests).containsExactly("/good 599999");
    }

    @Test
    void aServerThatIgnoresTheRangeSendsAllOfIt() throws IOException {
        begin(Arrays.copyOf(CONTENT, 100_000));
        isWhole(fetch(PATIENCE, "/whole"));
    }

    @Test
    void aPartThatAServerDoesNotGoOnFromIsGivenUp() throws IOException {
        begin(Arrays.copyOf(CONTENT, 100_000));
        isWhole(fetch(PATIENCE, "/unsatisfied"));
        assertThat(requests).containsExactly("/unsatisfied 100000", "/unsatisfied");
    }

    @ParameterizedTest
    @ValueSource(ints = {100_000, 600_000, 700_000})
    void aPartOfAnotherFileIsGivenUp(int length) throws IOException {
        begin(content(3, length));
        isWhole(fetch(PATIENCE, "/good"));
        assertThat(requests).last().isEqualTo("/good");
    }

    @Test
    void aWholePartNeedsNoServer() throws IOException {
        begin(CONTENT);
        isWhole(fetch(PATIENCE, "/missing"));
        assertThat(requests).isEmpty();
    }

    @Test
    void redirectionsToOtherHostsKeepTheRange() throws IOException {
        HttpServer other = started(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        on(other, "/there", exchange -> send(exchange, CONTENT, CONTENT.length));
        on(
                "/moved",
                exchange -> redirect(
                        exchange, at("http", "127.0.0.1", other, "/there").toString()));
        begin(Arrays.copyOf(CONTENT, 100_000));
        isWhole(fetch(PATIENCE, "/moved"));
        assertThat(requests).containsExactly("/moved 100000", "/there 100000");
    }

    @Test
    void fromASecureAddressItDoesNotGoToAnInsecureOne() throws Exception {
        SSLContext context = context();
        HttpsServer secure = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(context));
        started(secure);
        on(secure, "/good", exchange -> send(exchange, CONTENT, CONTENT.length));
        on(secure, "/leaves", exchange -> redirect(exchange, at("/good").toString()));
        HttpClient client = HttpClient.newBuilder()
                .sslContext(context)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        Download download = new Download(client, PATIENCE);
        assertThatThrownBy(() -> cache.fetch(
                        NETWORK, List.of(at("https", "localhost", secure, "/leaves")), download, Watch.NONE))
                .hasMessageContaining("redirects to " + at("/good") + "; expected an https address");
        assertThat(requests).containsExactly("/leaves");
        isWhole(cache.fetch(NETWORK, List.of(at("https", "localhost", secure, "/good")), download, Watch.NONE));
    }

    /** A certificate for localhost that the client trusts, made by the JDK's own tool. */
    private SSLContext context() throws Exception {
        Path store = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "server",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes());
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream stream = Files.newInputStream(store)) {
            keys.load(stream, "changeit".toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "changeit".toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", keys.getCertificate("server"));
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    /** Stops after some bytes, as Ctrl-C does. */
    private static final class Impatient implements Watch {
        private final long bytes;
        private volatile boolean stopped;

        Impatient(long bytes) {
            this.bytes = bytes;
        }

        @Override
        public void report(long done, long all) {
            stopped = stopped || done >= bytes;
        }

        @Override
        public void say(String line) {}

        @Override
        public boolean isStopped() {
            return stopped;
        }
    }

    @Test
    void whoStopsKeepsThePart() {
        for (String path : List.of("/good", "/stalls")) {
            assertThatThrownBy(() -> cache.fetch(
                            NETWORK, List.of(at(path)), download(Duration.ofSeconds(60)), new Impatient(100_000)))
                    .isInstanceOf(CancellationException.class);
            assertThat(cache.begun(NETWORK)).isBetween(100_000L, 300_000L);
        }
        isWhole(fetch(PATIENCE, "/good"));
        assertThat(requests).last().asString().startsWith("/good ");
    }

    @Test
    void twoAtOnceFetchItOnce() {
        on("/slowly", exchange -> {
            exchange.sendResponseHeaders(200, CONTENT.length);
            for (int from = 0; from < CONTENT.length; from += 100_000) {
                exchange.getResponseBody().write(CONTENT, from, 100_000);
                exchange.getResponseBody().flush();
                try {
                    Thread.sleep(30);
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        AtomicInteger waited = new AtomicInteger();
        Watch watch = new Watch() {
            @Override
            public void report(long done, long all) {}

            @Override
            public void say(String line) {
                assertThat(line).contains("another program");
                waited.incrementAndGet();
            }

            @Override
            public boolean isStopped() {
                return false;
            }
        };
        List<CompletableFuture<Path>> both = List.of(1, 2).stream()
                .map(number -> CompletableFuture.supplyAsync(
                        () -> ZooCache.in(folder).fetch(NETWORK, List.of(at("/slowly")), download(PATIENCE), watch),
                        threads))
                .toList();
        both.forEach(one -> isWhole(one.join()));
        assertThat(requests).containsExactly("/slowly");
        assertThat(waited).hasValue(1);
    }

    @Test
    void aFileFetchedByHandIsCheckedAndCopied() throws IOException {
        Path file = Files.write(folder.resolve("download.onnx"), CONTENT);
        isWhole(cache.take(NETWORK, file, Watch.NONE));
        assertThat(file).exists();
    }

    @Test
    void aWrongFileIsRefused() throws IOException {
        Path other = Files.write(folder.resolve("other.onnx"), content(2, CONTENT.length));
        assertThatThrownBy(() -> cache.take(NETWORK, other, Watch.NONE))
                .hasMessageContaining("'" + other + "' has the SHA-256 ")
                .hasMessageContaining(NETWORK.sha256());
        Path small = Files.write(folder.resolve("small.onnx"), content(2, 10));
        assertThatThrownBy(() -> cache.take(NETWORK, small, Watch.NONE)).hasMessageContaining("has 10 bytes");
        assertThatThrownBy(() -> cache.take(NETWORK, folder.resolve("none"), Watch.NONE))
                .hasMessageContaining("no such file");
        assertThat(cache.holds(NETWORK)).isFalse();
        assertThat(cache.begun(NETWORK)).isZero();
    }

    /** As the message of a failed download says. */
    @Test
    void aFilePutThereByHandIsTaken() throws IOException {
        Files.createDirectories(cache.folder());
        Files.write(cache.file(NETWORK), CONTENT);
        assertThat(cache.holds(NETWORK)).isFalse();
        isWhole(fetch(PATIENCE, "/missing"));
        assertThat(requests).isEmpty();
    }

    @Test
    void aWrongFilePutThereByHandIsRefused() throws IOException {
        Files.createDirectories(cache.folder());
        Files.write(cache.file(NETWORK), content(2, 10));
        assertThatThrownBy(() -> fetch(PATIENCE, "/good")).hasMessageContaining("It is another file; remove it.");
    }

    @Test
    void aFolderThatCannotBeWrittenToIsNamed() throws IOException {
        Files.writeString(folder.resolve("networks"), "a file");
        assertThatThrownBy(() -> fetch(PATIENCE, "/good"))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("Cannot keep the network 'tiny-1' in " + folder.resolve("networks"));
    }

    /** The first of the list that is there; or the one that somebody prefers. */
    @Test
    void theUsualNetwork() throws IOException {
        assertThat(cache.usual()).isEmpty();
        for (String name : List.of("mnist-12", "resnet18-v1-7", "squeezenet1.1-7")) {
            pretend(Zoo.find(name));
            assertThat(cache.usual().map(ZooNetwork::name))
                    .isEqualTo(name.equals("mnist-12") ? java.util.Optional.empty() : java.util.Optional.of(name));
        }
        cache.prefer("resnet18-v1-7");
        assertThat(cache.usual().map(ZooNetwork::name)).contains("resnet18-v1-7");
        cache.prefer("zf-caltech");
        assertThat(cache.usual()).isEmpty();
        assertThat(cache.preferred()).contains("zf-caltech");
    }

    /** A hole of the right size. */
    private void pretend(ZooNetwork network) throws IOException {
        Files.createDirectories(cache.folder());
        try (var file = new java.io.RandomAccessFile(cache.file(network).toFile(), "rw")) {
            file.setLength(network.bytes());
        }
        Files.writeString(cache.folder().resolve(network.name() + ".yaml"), "name: x\n");
    }

    @Test
    void theFolderIsTheSystemsOwn() {
        Path home = Path.of(System.getProperty("user.home"));
        assertThat(ZooCache.usual(Map.of("VITRINE_CACHE", "/some/where")).folder())
                .isEqualTo(Path.of("/some/where/networks"));
        boolean mac =
                System.getProperty("os.name").toLowerCase(java.util.Locale.ROOT).startsWith("mac");
        Path own = mac ? home.resolve("Library/Caches/vitrine") : home.resolve(".cache/vitrine");
        assertThat(ZooCache.usual(Map.of()).folder()).isEqualTo(own.resolve("networks"));
        assertThat(ZooCache.usual(Map.of("XDG_CACHE_HOME", "not/absolute")).folder())
                .isEqualTo(own.resolve("networks"));
        if (!mac) {
            assertThat(ZooCache.usual(Map.of("XDG_CACHE_HOME", "/x")).folder())
                    .isEqualTo(Path.of("/x/vitrine/networks"));
        }
    }

    /** Of a proxy that wants a password, for an address without and one with TLS. */
    @Test
    void proxiesGetTheirPassword() throws IOException {
        List<String> heard = new CopyOnWriteArrayList<>();
        try (java.net.ServerSocket socket = new java.net.ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            threads.execute(() -> answerAsProxy(socket, heard));
            String proxy = "http://user%40home:p%3Aw@127.0.0.1:" + socket.getLocalPort();
            Download through = new Download(
                    Download.client(Map.of("http_proxy", proxy, "HTTPS_PROXY", proxy), PATIENCE), PATIENCE);
            isWhole(cache.fetch(NETWORK, List.of(URI.create("http://host.invalid/file")), through, Watch.NONE));
            String credentials = java.util.Base64.getEncoder().encodeToString("user@home:p:w".getBytes());
            assertThat(heard)
                    .contains("GET http://host.invalid/file HTTP/1.1", "Proxy-Authorization: Basic " + credentials);
            heard.clear();
            Files.delete(cache.file(NETWORK));
            assertThatThrownBy(() ->
                            cache.fetch(NETWORK, List.of(URI.create("https://host.invalid/file")), through, Watch.NONE))
                    .hasMessageContaining("https://host.invalid/file");
            assertThat(heard)
                    .contains("CONNECT host.invalid:443 HTTP/1.1", "Proxy-Authorization: Basic " + credentials);
        }
    }

    /** Wants a password, then sends the file to a GET and refuses to CONNECT. */
    private static void answerAsProxy(java.net.ServerSocket socket, List<String> heard) {
        while (true) {
            try (java.net.Socket connection = socket.accept()) {
                var reader = new java.io.BufferedReader(new java.io.InputStreamReader(connection.getInputStream()));
                String first = "";
                boolean known = false;
                for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
                    heard.add(line);
                    first = first.isEmpty() ? line : first;
                    known |= line.startsWith("Proxy-Authorization:");
                }
                OutputStream out = connection.getOutputStream();
                if (!known) {
                    out.write(("HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm=\"here\"\r\n"
                                    + "Content-Length: 0\r\nConnection: close\r\n\r\n")
                            .getBytes());
                } else if (first.startsWith("GET")) {
                    out.write(("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + CONTENT.length + "\r\n\r\n")
                            .getBytes());
                    out.write(CONTENT);
                } else {
                    out.write("HTTP/1.1 502 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".getBytes());
                }
                out.flush();
            } catch (IOException closed) {
                return;
            }
        }
    }
}
