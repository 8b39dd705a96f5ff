package dev.vitrine.lens.model.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentProxiesTest {
    private static String way(Map<String, String> environment, String address) {
        Proxy proxy =
                new EnvironmentProxies(environment).select(URI.create(address)).get(0);
        return proxy.address() instanceof InetSocketAddress at ? at.getHostString() + ":" + at.getPort() : "direct";
    }

    @ParameterizedTest
    @CsvSource({
        "https_proxy,http://10.0.0.1:3128,https://a.org/x,10.0.0.1:3128",
        "HTTPS_PROXY,10.0.0.1:3128,https://a.org/x,10.0.0.1:3128",
        "https_proxy,http://user:pass@10.0.0.1:3128/,https://a.org/x,10.0.0.1:3128",
        "https_proxy,10.0.0.1,https://a.org/x,10.0.0.1:80",
        "https_proxy,http://10.0.0.1:3128,http://a.org/x,direct",
        "http_proxy,http://10.0.0.1:3128,http://a.org/x,10.0.0.1:3128",
        "http_proxy,http://10.0.0.1:3128,https://a.org/x,direct",
        "HTTP_PROXY,http://10.0.0.1:3128,http://a.org/x,direct",
        "all_proxy,http://10.0.0.1:3128,https://a.org/x,10.0.0.1:3128",
        "https_proxy,'',https://a.org/x,direct",
    })
    void proxiesAreReadAsOtherProgramsDo(String name, String value, String address, String expected) {
        assertThat(way(Map.of(name, value), address)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "a.org,true",
        ".a.org,true",
        "*.a.org,true",
        "org,true",
        "*,true",
        "'b.org, A.ORG',true",
        "files.a.org:443,true",
        "files.a.org:80,false",
        "les.a.org,false",
        "b.org,false",
        "'',false",
    })
    void someHostsAreExcepted(String list, boolean direct) {
        Map<String, String> environment = new HashMap<>(Map.of("https_proxy", "10.0.0.1:3128"));
        environment.put("no_proxy", list);
        assertThat(way(environment, "https://files.a.org:443/x")).isEqualTo(direct ? "direct" : "10.0.0.1:3128");
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks5://10.0.0.1:1080", "http://", "http://a b", "https://secret:word@10.0.0.1"})
    void otherProxiesAreRefusedWithoutTheirPassword(String value) {
        assertThatThrownBy(() -> way(Map.of("https_proxy", value), "https://a.org/x"))
                .hasMessageContaining("https_proxy")
                .hasMessageContaining("expected the address of an HTTP proxy")
                .satisfies(problem -> assertThat(problem.getMessage()).doesNotContain("secret"));
    }

    @Test
    void noneIsNone() {
        assertThat(new EnvironmentProxies(Map.of("no_proxy", "a.org")).isEmpty())
                .isTrue();
        assertThat(new EnvironmentProxies(Map.of("http_proxy", "a:1")).isEmpty())
                .isFalse();
    }
}
