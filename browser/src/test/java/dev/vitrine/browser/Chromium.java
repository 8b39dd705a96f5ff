package dev.vitrine.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The system's Chromium. Tests skip where there is none. */
final class Chromium implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "chrome");

    private static final String ABSENT = "Found no Chromium on the PATH: pages are not tested in a browser.";

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    static Chromium open() {
        Optional<Path> found = installed();
        if (found.isEmpty()) {
            System.err.println(ABSENT);
        }
        assumeTrue(found.isPresent(), ABSENT);
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        return new Chromium(
                playwright,
                playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(found.orElseThrow())
                                .setChromiumSandbox(false)
                                .setArgs(List.of(
                                        "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"))));
    }

    private static Optional<Path> installed() {
        List<Path> folders = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(Path::of)
                .toList();
        return NAMES.stream()
                .flatMap(name -> folders.stream().map(folder -> folder.resolve(name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Opens a page; afterwards, no script may have failed and no request have left the machine. */
    void visit(Path file, int width, Consumer<Page> visitor) {
        List<String> complaints = new ArrayList<>();
        try (Page page = browser.newPage(new Browser.NewPageOptions().setViewportSize(width, 900))) {
            page.onPageError(error -> complaints.add("error: " + error));
            page.onConsoleMessage(message -> {
                if (message.type().equals("error")) {
                    complaints.add("console: " + message.text());
                }
            });
            page.onRequest(request -> {
                if (!request.url().matches("(file|data|blob):.*")) {
                    complaints.add("request: " + request.url());
                }
            });
            page.navigate(file.toUri().toString());
            visitor.accept(page);
        }
        assertThat(complaints).as(file.toString()).isEmpty();
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
