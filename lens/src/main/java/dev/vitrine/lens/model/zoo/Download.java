package dev.vitrine.lens.model.zoo;

import dev.vitrine.lens.data.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fetches a file whose size and SHA-256 are known from the first of some addresses that has it. A part that is there
 * already is gone on from, whichever address it came from: the hash of the whole decides.
 */
final class Download {
    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18}|\\*)");
    private static final int MOST_REDIRECTIONS = 10;
    private static final int MOST_TRIES = 5;
    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final long POLL_MILLISECONDS = 100;
    private static final String NO_PROXY_PASSWORDS = "jdk.http.auth.tunneling.disabledSchemes";

    /** An address that did not have the file. */
    record Miss(URI address, String reason) {}

    /** An address does not have the file, and asking again would not help. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1;

        Refusal(String reason) {
            super(reason);
        }
    }

    static {
        // The platform sends no password to a proxy for HTTPS unless told so before its first connection.
        if (System.getProperty(NO_PROXY_PASSWORDS) == null) {
            System.setProperty(NO_PROXY_PASSWORDS, "");
        }
    }

    private final HttpClient client;
    private final Duration patience;

    /**
     * @param patience how long a server may say nothing
     */
    Download(HttpClient client, Duration patience) {
        this.client = client;
        this.patience = patience;
    }

    /** A client with the proxies of the environment, or those of the Java platform where it names none. */
    static HttpClient client(Map<String, String> environment, Duration patience) {
        EnvironmentProxies proxies = new EnvironmentProxies(environment);
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(patience)
                .proxy(proxies.isEmpty() ? ProxySelector.getDefault() : proxies)
                .authenticator(proxies.authenticator())
                .build();
    }

    /**
     * Completes a part.
     *
     * @return why each address did not have the file; none where the part is whole and has the right hash
     */
    List<Miss> complete(Path part, long bytes, String sha256, List<URI> addresses, Watch watch) throws IOException {
        List<Miss> misses = new ArrayList<>();
        for (URI address : addresses) {
            Optional<String> reason = new Attempt(part, bytes, sha256, address, watch).run();
            if (reason.isEmpty()) {
                return List.of();
            }
            misses.add(new Miss(address, reason.get()));
            if (misses.size() < addresses.size()) {
                watch.say(address + " " + reason.get() + "; trying the next address.");
            }
        }
        return misses;
    }

    private final class Attempt {
        private final Path part;
        private final long bytes;
        private final String sha256;
        private final URI address;
        private final Watch watch;

        Attempt(Path part, long bytes, String sha256, URI address, Watch watch) {
            this.part = part;
            this.bytes = bytes;
            this.sha256 = sha256;
            this.address = address;
            this.watch = watch;
        }

        /** Goes on as long as more of the file comes. */
        Optional<String> run() throws IOException {
            String reason = "";
            for (int tries = 0; tries < MOST_TRIES; tries++) {
                long before = size();
                try {
                    transfer();
                    return Optional.empty();
                } catch (Refusal refusal) {
                    return Optional.of(refusal.getMessage());
                } catch (Interruption interruption) {
                    reason = interruption.getMessage();
                    if (size() <= before) {
                        break;
                    }
                }
            }
            return Optional.of(reason);
        }

        private long size() throws IOException {
            return Files.exists(part) ? Files.size(part) : 0;
        }

        private void transfer() throws IOException, Refusal, Interruption {
            if (size() > bytes) {
                Files.delete(part);
            }
            long have = size();
            if (have == bytes) {
                if (digest(have).hex().equals(sha256)) {
                    return;
                }
                Files.delete(part);
                have = 0;
            }
            HttpResponse<InputStream> response = response(have);
            try (InputStream body = response.body()) {
                if (have > 0 && !goesOn(response, have)) {
                    body.close();
                    Files.delete(part);
                    transfer();
                    return;
                }
                long start = response.statusCode() == PARTIAL ? have : 0;
                OptionalLong announced = response.headers().firstValueAsLong("Content-Length");
                if (announced.isPresent() && announced.getAsLong() != bytes - start) {
                    throw new Refusal("has a file of " + (start + announced.getAsLong()) + " bytes; expected " + bytes);
                }
                Digest digest = digest(start);
                write(body, start, digest);
                String found = digest.hex();
                if (!found.equals(sha256)) {
                    Files.delete(part);
                    if (start == 0) {
                        throw new Refusal("has another file, of SHA-256 " + found + "; expected " + sha256);
                    }
                    // The part was of another file, so all of it comes from here.
                    transfer();
                }
            }
        }

        /** Whether a response to the request for the rest is that; what ignores the request sends all. */
        private boolean goesOn(HttpResponse<?> response, long have) {
            if (response.statusCode() == OK) {
                return true;
            }
            Matcher range =
                    RANGE.matcher(response.headers().firstValue("Content-Range").orElse(""));
            return response.statusCode() == PARTIAL
                    && range.matches()
                    && range.group(1).equals(Long.toString(have))
                    && (range.group(2).equals("*") || range.group(2).equals(Long.toString(bytes)));
        }

        private HttpResponse<InputStream> response(long have) throws Refusal, Interruption {
            URI from = address;
            for (int redirections = 0; redirections <= MOST_REDIRECTIONS; redirections++) {
                HttpResponse<InputStream> response = send(from, have);
                switch (response.statusCode()) {
                    case OK, PARTIAL -> {
                        return response;
                    }
                    case RANGE_NOT_SATISFIABLE -> {
                        if (have > 0) {
                            return response;
                        }
                        throw refused(response);
                    }
                    case 301, 302, 303, 307, 308 -> {
                        close(response);
                        from = redirected(from, response);
                    }
                    default -> throw refused(response);
                }
            }
            throw new Refusal("redirects more than " + MOST_REDIRECTIONS + " times");
        }

        private static Refusal refused(HttpResponse<InputStream> response) {
            close(response);
            return new Refusal("answers with HTTP status " + response.statusCode());
        }

        private static void close(HttpResponse<InputStream> response) {
            try {
                response.body().close();
            } catch (IOException nothingToLose) {
                // Nothing of it was wanted.
            }
        }

        private static URI redirected(URI from, HttpResponse<?> response) throws Refusal {
            URI to;
            try {
                to = from.resolve(response.headers().firstValue("Location").orElse(""));
            } catch (IllegalArgumentException noAddress) {
                throw new Refusal("redirects to something that is no address");
            }
            boolean secure = "https".equalsIgnoreCase(to.getScheme());
            boolean asSecure =
                    secure || "http".equalsIgnoreCase(to.getScheme()) && "http".equalsIgnoreCase(from.getScheme());
            if (!asSecure || to.getHost() == null) {
                throw new Refusal("redirects to " + to + "; expected an https address");
            }
            return to;
        }

        private HttpResponse<InputStream> send(URI from, long have) throws Interruption {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(from).timeout(patience).header("Accept-Encoding", "identity");
            if (have > 0) {
                request.header("Range", "bytes=" + have + "-");
            }
            CompletableFuture<HttpResponse<InputStream>> response =
                    client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            while (true) {
                try {
                    return response.get(POLL_MILLISECONDS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException notYet) {
                    if (watch.isStopped()) {
                        response.cancel(true);
                        throw new CancellationException("stopped");
                    }
                } catch (ExecutionException failure) {
                    throw new Interruption(words(failure.getCause()));
                } catch (InterruptedException asked) {
                    Thread.currentThread().interrupt();
                    response.cancel(true);
                    throw new CancellationException("stopped");
                }
            }
        }

        private void write(InputStream body, long start, Digest digest) throws IOException, Refusal, Interruption {
            long done = start;
            try (FileChannel file = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    Silence silence = new Silence(body, patience, watch)) {
                file.truncate(start);
                file.position(start);
                byte[] buffer = new byte[1 << 16];
                watch.report(done, bytes);
                while (true) {
                    int count = silence.read(buffer);
                    if (count < 0) {
                        break;
                    }
                    if (done + count > bytes) {
                        file.close();
                        Files.delete(part);
                        throw new Refusal("has a file of more than " + bytes + " bytes");
                    }
                    digest.add(buffer, 0, count);
                    ByteBuffer chunk = ByteBuffer.wrap(buffer, 0, count);
                    while (chunk.hasRemaining()) {
                        file.write(chunk);
                    }
                    done += count;
                    watch.report(done, bytes);
                }
            }
            if (done < bytes) {
                throw new Interruption("ends after " + done + " of " + bytes + " bytes");
            }
        }

        /** Of the part's first bytes. */
        private Digest digest(long length) throws IOException {
            Digest digest = Digest.begin();
            if (length > 0) {
                try (InputStream stream = Files.newInputStream(part)) {
                    digest.add(stream);
                }
            }
            return digest;
        }
    }

    static String words(Throwable failure) {
        if (failure instanceof java.net.http.HttpConnectTimeoutException) {
            return "no connection within the time allowed";
        }
        if (failure instanceof java.net.http.HttpTimeoutException) {
            return "no answer within the time allowed";
        }
        if (failure instanceof java.net.ConnectException
                || failure instanceof java.nio.channels.UnresolvedAddressException) {
            return "cannot be reached";
        }
        return "the connection failed ("
                + Optional.ofNullable(failure.getMessage())
                        .orElse(failure.getClass().getSimpleName()) + ")";
    }
}
