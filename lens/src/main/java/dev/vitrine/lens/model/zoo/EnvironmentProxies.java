package dev.vitrine.lens.model.zoo;

import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Proxies as other programs read them from the environment: {@code https_proxy}, {@code http_proxy}, {@code all_proxy}
 * ({@code http://user:password@host:port}) and {@code no_proxy} (hosts and domains with commas between them, or {@code *}).
 */
final class EnvironmentProxies extends ProxySelector {
    private static final int USUAL_PORT = 80;

    /** A proxy and, where it asks for one, a password. */
    private record Way(String host, int port, Optional<PasswordAuthentication> password) {}

    private final Map<String, String> environment;

    EnvironmentProxies(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** Whether any proxy is named at all. */
    boolean isEmpty() {
        return Stream.of("https", "http").allMatch(scheme -> way(scheme).isEmpty());
    }

    @Override
    public List<Proxy> select(URI address) {
        String scheme = address.getScheme().toLowerCase(Locale.ROOT);
        return way(scheme)
                .filter(way -> !isExcepted(address))
                .map(way -> List.of(new Proxy(Proxy.Type.HTTP, new InetSocketAddress(way.host(), way.port()))))
                .orElse(List.of(Proxy.NO_PROXY));
    }

    @Override
    public void connectFailed(URI address, SocketAddress proxy, IOException failure) {
        // The client reports it.
    }

    /** Answers a proxy that asks who is there; no other server. */
    Authenticator authenticator() {
        return new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                if (getRequestorType() != RequestorType.PROXY) {
                    return null;
                }
                return Stream.of("https", "http")
                        .flatMap(scheme -> way(scheme).stream())
                        .filter(way ->
                                way.host().equalsIgnoreCase(getRequestingHost()) && way.port() == getRequestingPort())
                        .flatMap(way -> way.password().stream())
                        .findFirst()
                        .orElse(null);
            }
        };
    }

    private Optional<Way> way(String scheme) {
        // HTTP_PROXY in capitals may come from a request to a CGI program, so nobody reads it.
        Stream<String> names = scheme.equals("https")
                ? Stream.of("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
                : Stream.of("http_proxy", "all_proxy", "ALL_PROXY");
        return names.filter(name -> !environment.getOrDefault(name, "").isBlank())
                .findFirst()
                .map(name -> parse(name, environment.get(name).strip()));
    }

    private static Way parse(String name, String text) {
        try {
            URI uri = new URI(text.contains("://") ? text : "http://" + text);
            if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
                throw wrong(name);
            }
            int port = uri.getPort() < 0 ? USUAL_PORT : uri.getPort();
            return new Way(
                    uri.getHost(),
                    port,
                    Optional.ofNullable(uri.getRawUserInfo()).map(EnvironmentProxies::password));
        } catch (URISyntaxException problem) {
            throw wrong(name);
        }
    }

    private static PasswordAuthentication password(String userInfo) {
        int colon = userInfo.indexOf(':');
        String user = colon < 0 ? userInfo : userInfo.substring(0, colon);
        String password = colon < 0 ? "" : userInfo.substring(colon + 1);
        return new PasswordAuthentication(decoded(user), decoded(password).toCharArray());
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Without the value, which may hold a password. */
    private static VitrineException wrong(String name) {
        return VitrineException.failure("Environment variable " + name
                + ": expected the address of an HTTP proxy, such as http://user:password@host:8080."
                + " Other kinds of proxies cannot be used.");
    }

    private boolean isExcepted(URI address) {
        String host = address.getHost().toLowerCase(Locale.ROOT);
        String list = Stream.of("no_proxy", "NO_PROXY")
                .map(name -> environment.getOrDefault(name, ""))
                .filter(text -> !text.isBlank())
                .findFirst()
                .orElse("");
        return Stream.of(list.split("[,\\s]+"))
                .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
                .filter(entry -> !entry.isEmpty())
                .anyMatch(entry -> isExcepted(host, address.getPort(), entry));
    }

    private static boolean isExcepted(String host, int port, String entry) {
        if (entry.equals("*")) {
            return true;
        }
        int colon = entry.lastIndexOf(':');
        String domain = entry;
        if (colon > 0 && entry.indexOf(':') == colon) {
            if (!entry.substring(colon + 1).equals(Integer.toString(port))) {
                return false;
            }
            domain = entry.substring(0, colon);
        }
        if (domain.startsWith("*.")) {
            domain = domain.substring(1);
        }
        String bare = domain.startsWith(".") ? domain.substring(1) : domain;
        return host.equals(bare) || host.endsWith("." + bare);
    }
}
