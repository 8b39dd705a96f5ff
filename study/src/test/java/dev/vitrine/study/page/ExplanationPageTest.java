package dev.vitrine.study.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attribution.Heatmap;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.render.HeatmapPainter;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.render.Samples;
import dev.vitrine.lens.render.color.Polarity;
import dev.vitrine.lens.render.color.Scale;
import dev.vitrine.lens.render.file.Png;
import dev.vitrine.study.page.ExplanationPage.Bar;
import dev.vitrine.study.page.ExplanationPage.Card;
import dev.vitrine.study.page.ExplanationPage.Figure;
import dev.vitrine.study.page.ExplanationPage.Image;
import dev.vitrine.study.page.ExplanationPage.Overlay;
import dev.vitrine.study.page.ExplanationPage.Picture;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplanationPageTest {
    private static final String HOSTILE = "<script>alert('x')</script> & \"quoted\" É.png";

    @Test
    void namesAreEscapedEverywhere() {
        String html = page(HOSTILE, Samples.picture(32, 32)).html();

        assertThat(html).doesNotContain("<script>alert");
        assertThat(html)
                .contains(">&lt;script&gt;alert('x')&lt;/script&gt; &amp; \"quoted\" É.png</h2>")
                .contains("aria-label=\"&lt;script>alert(&#39;x&#39;)&lt;/script> &amp; &#34;quoted&#34; É.png,");
    }

    @Test
    void aLinkToAFileIsEncoded() {
        String html = page("a b#c?.png", Samples.picture(32, 32)).html();

        assertThat(html).contains("<a href=\"./a%20b%23c%3F.png\">a b#c?.png</a>");
    }

    @Test
    void nothingIsFetched() {
        String html = page("chelsea.png", Samples.picture(32, 32)).html();

        Matcher sources = Pattern.compile("(?:src=\"|url\\()([^\")]{0,20})").matcher(html);
        int count = 0;
        while (sources.find()) {
            assertThat(sources.group(1)).startsWith("data:image/png;base");
            count++;
        }
        assertThat(count).isEqualTo(4);
        assertThat(html).doesNotContain("http:").doesNotContain("https:").doesNotContain("@import");
        assertThat(html).contains("default-src 'none'");
    }

    @Test
    void thePictureIsThereOnceForAllCards() {
        BufferedImage view = Samples.picture(32, 32);
        String encoded = java.util.Base64.getEncoder().encodeToString(Png.bytes(view));

        assertThat(page("chelsea.png", view).html().split(Pattern.quote(encoded), -1))
                .hasSize(2);
    }

    @Test
    void everyMapHasASliderThatSaysWhatItDoes() {
        String html = page("chelsea.png", Samples.picture(32, 32)).html();

        assertThat(html)
                .contains("aria-label=\"Opacity of all maps\"")
                .contains("aria-label=\"Opacity of the map of Gradient × input\"")
                .contains("aria-label=\"Opacity of the map of Grad-CAM\"")
                .doesNotContain("aria-label=\"Opacity of the map of Guided backpropagation\"");
        assertThat(html).contains("alt=\"Guided backpropagation for 285 Egyptian cat (logit)\"");
        assertThat(html).contains("<b>Red</b> supports the target").contains("The <b>brighter</b> the color");
    }

    @Test
    void targetsOfOneMethodStandBesideEachOther() {
        BufferedImage view = Samples.picture(32, 32);
        Heatmap cam = Samples.hill(7);
        Overlay overlay = Overlay.of(cam, Scale.robust(cam, Polarity.UNSIGNED), view);
        List<Card> cards = List.of(
                card("Grad-CAM", "Where?", overlay, asked("grad-cam", "cat"), List.of(), "a.png"),
                card("LRP-ε", "How?", overlay, asked("lrp-epsilon", "cat"), List.of(), "b.png"),
                card("Grad-CAM", "Where?", overlay, asked("grad-cam", "dog"), List.of(), "c.png"));
        String html = new ExplanationPage("Two", facts(), List.of(new Image("a", view, List.of(), cards))).html();

        assertThat(html.split("<h4>Grad-CAM</h4>", -1)).hasSize(2);
        assertThat(html).contains("Class activation maps", "Layer-wise relevance");
        String method = html.substring(html.indexOf("<h4>Grad-CAM</h4>"), html.indexOf("<h4>LRP"));
        assertThat(method).contains("</span> cat</p>", "</span> dog</p>");
    }

    private static Provenance asked(String method, String target) {
        return new Provenance("net", "a", target, method, Map.of());
    }

    @Test
    void onlyWhatIsWrongLooksLikeAWarning() {
        BufferedImage view = Samples.picture(32, 32);
        Heatmap cam = Samples.hill(7);
        Overlay overlay = Overlay.of(cam, Scale.robust(cam, Polarity.UNSIGNED), view);
        List<String> notes = List.of("completeness: a gap of 0.10 %", "The map is zero everywhere: it is.");
        Card card = card("Grad-CAM", "Where?", overlay, asked("grad-cam", "cat"), notes, "a.png");
        SanityFindings found = new SanityFindings(
                Optional.of("trust.json"), Map.of("grad-cam", new SanityFindings.Finding(false, "SSIM 0.70")));
        List<Image> images = List.of(new Image("a", view, List.of(), List.of(card)));

        assertThat(new ExplanationPage("A", facts(), images, Optional.of(found)).html())
                .contains("<p class=\"remark\">completeness", "<p class=\"note\">The map is zero")
                .contains("<p class=\"note\"><b>Fails the sanity check on this network</b> (SSIM 0.70)")
                .doesNotContain("have not been sanity-checked");
        assertThat(new ExplanationPage("A", facts(), images, Optional.of(SanityFindings.NONE)).html())
                .contains("have not been sanity-checked", "vitrine trust");
        assertThat(new ExplanationPage("A", facts(), images).html())
                .doesNotContain("have not been sanity-checked")
                .doesNotContain("sanity check");
    }

    @Test
    void aPictureThatIsDarkWhereItMattersIsLightened() {
        Heatmap cam = Samples.hill(7);
        BufferedImage light = Samples.picture(32, 32);
        BufferedImage dark = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);

        assertThat(overlaid(cam, dark)).contains("--gain:8.00", "shown brightened");
        assertThat(overlaid(cam, light)).doesNotContain("--gain:");
    }

    private static String overlaid(Heatmap cam, BufferedImage view) {
        Overlay overlay = Overlay.of(cam, Scale.robust(cam, Polarity.UNSIGNED), view);
        Card card = card("Grad-CAM", "Where?", overlay, asked("grad-cam", "cat"), List.of(), "a.png");
        String html = new ExplanationPage("A", facts(), List.of(new Image("a", view, List.of(), List.of(card)))).html();
        return html.substring(html.indexOf("<main>"));
    }

    @Test
    void theIndexOfSeveralPagesLeadsToEachPicture() throws IOException {
        BufferedImage view = Samples.picture(28, 28);
        List<Bar> top = List.of(new Bar("seven", 0.9));
        ExplanationPage page = new ExplanationPage(
                "A",
                facts(),
                List.of(new Image("a.png", view, top, List.of()), new Image(HOSTILE, view, List.of(), List.of())));
        List<PictureIndex.Entry> entries = PictureIndex.of(page, "part-2.html");

        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        for (PictureIndex.Entry entry : entries) {
            entry.write(new DataOutputStream(kept));
        }
        DataInputStream input = new DataInputStream(new ByteArrayInputStream(kept.toByteArray()));
        List<PictureIndex.Entry> read = List.of(PictureIndex.Entry.read(input), PictureIndex.Entry.read(input));
        String html = new PictureIndex("All", facts(), entries).html();

        assertThat(new PictureIndex("All", facts(), read).html()).isEqualTo(html);
        assertThat(html)
                .contains("href=\"./part-2.html#image0\"", "href=\"./part-2.html#image1\"", "seven, 90.0 %")
                .doesNotContain("<script>alert");
        assertThat(page.html()).contains("id=\"image0\"", "id=\"image1\"");
        BufferedImage small =
                ImageIO.read(new ByteArrayInputStream(entries.get(0).jpeg()));
        assertThat(small.getWidth()).isEqualTo(128);
    }

    @Test
    void findingsAreThoseOfTheModel(@TempDir Path folder) throws IOException {
        Path trust = Files.createDirectories(folder.resolve("trust"));
        Files.writeString(trust.resolve("trust.json"), """
                {"layers": 7, "facts": {"SHA-256 of the model": "abc"}, "methods": [
                  {"method": "gradient", "sanity": {"outcome": "passes", "similarityAboveChance": 0.15, "measure": "SSIM", "randomLayers": 4}},
                  {"method": "deconvnet", "sanity": {"outcome": "fails", "similarityAboveChance": 0.8, "measure": "SSIM", "randomLayers": 7}},
                  {"method": "rise"}]}""");
        SanityFindings found = SanityFindings.beside(folder.resolve("explanations"), "abc");

        assertThat(found.methods()).containsOnlyKeys("gradient", "deconvnet");
        assertThat(found.methods().get("gradient").passes()).isTrue();
        assertThat(found.methods().get("deconvnet"))
                .isEqualTo(new SanityFindings.Finding(false, "SSIM 0.80 above chance with 7 of 7 layers random"));
        assertThat(SanityFindings.of(trust, "abc")).isEqualTo(found);
        assertThat(SanityFindings.beside(folder.resolve("explanations"), "other"))
                .isEqualTo(SanityFindings.NONE);
        assertThatThrownBy(() -> SanityFindings.of(trust, "other"))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("another model");
        assertThatThrownBy(() -> SanityFindings.of(folder.resolve("nowhere"), "abc"))
                .isInstanceOf(VitrineException.class)
                .hasMessageContaining("vitrine trust");
    }

    @Test
    void thePageOfNoImageIsStillAPage() {
        String html = new ExplanationPage("Nothing", Map.of(), List.of()).html();

        assertThat(html).contains("<h1>Nothing</h1>").endsWith("</html>\n").doesNotContain("type=\"range\"");
    }

    @Test
    void theSamePageGivesTheSameBytes() {
        BufferedImage view = Samples.picture(32, 32);

        assertThat(page("chelsea.png", view).html())
                .isEqualTo(page("chelsea.png", view).html())
                .isNotEqualTo(page("other.png", view).html());
    }

    @Test
    void theSummaryIsStableJson() {
        ExplanationPage page = page(HOSTILE, Samples.picture(32, 24));
        String json = Summary.json(page);

        assertThat(json)
                .isEqualTo(Summary.json(page))
                .startsWith("{\n  \"format\" : 1,\n  \"title\" : \"Explanations\"");
        var root = new tools.jackson.databind.json.JsonMapper().readTree(json);
        var image = root.get("images").get(0);
        assertThat(image.get("name").asString()).isEqualTo(HOSTILE);
        assertThat(image.get("width").asInt()).isEqualTo(32);
        assertThat(image.get("height").asInt()).isEqualTo(24);
        assertThat(image.get("top").get(0).get("probability").asDouble()).isEqualTo(0.731);
        assertThat(image.get("explanations").size()).isEqualTo(3);
        var first = image.get("explanations").get(0);
        assertThat(first.get("options").propertyNames()).containsExactly("samples", "noise", "seed");
        assertThat(first.get("scale").get("signed").asBoolean()).isTrue();
        assertThat(first.get("scale").get("low").asDouble())
                .isEqualTo(-first.get("scale").get("high").asDouble());
        assertThat(image.get("explanations").get(2).has("scale")).isFalse();
    }

    @Test
    void aPageForAPersonToLookAt() throws IOException {
        Path target = Path.of("target", "gallery", "explanations.html");
        BufferedImage view = Samples.photo();
        BufferedImage small = Images.resized(view, 32, 32);
        Image first = image("chelsea.png", view);
        Image second = image("a picture of 32 by 32 with a very long name that goes on and on.png", small);

        new ExplanationPage("Explanations", facts(), List.of(first, second)).write(target);

        assertThat(Files.size(target)).isGreaterThan(100_000);
    }

    private static ExplanationPage page(String name, BufferedImage view) {
        return new ExplanationPage("Explanations", facts(), List.of(image(name, view)));
    }

    private static Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("model", "squeezenet-caltech101");
        facts.put("SHA-256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
        facts.put("made with", "Vitrine 0.1.0, ONNX Runtime 1.28.0, Java 17");
        return facts;
    }

    private static Image image(String name, BufferedImage view) {
        Heatmap signed = Samples.hills(view.getWidth());
        Heatmap cam = Samples.hill(7);
        List<Bar> top = List.of(
                new Bar("Egyptian cat", 0.731),
                new Bar("tabby, tabby cat", 0.182),
                new Bar("tiger cat", 0.061),
                new Bar("lynx, catamount, a class with a name that does not fit the line", 0.009),
                new Bar("Persian cat", 0.0004));
        return new Image(
                name,
                view,
                top,
                List.of(
                        card(
                                "Gradient × input",
                                "How much does each pixel add to or take from the score?",
                                Overlay.of(signed, Scale.robust(signed), view),
                                signed.provenance(),
                                List.of("Sums to 4.31 of 4.52: 4.6 % of the score is not accounted for."),
                                name),
                        card(
                                "Grad-CAM",
                                "Which regions of the last feature maps speak for the target?",
                                Overlay.of(cam, Scale.robust(cam, Polarity.UNSIGNED), view),
                                cam.provenance(),
                                List.of(),
                                name),
                        card(
                                "Guided backpropagation",
                                "Which fine structures excite the units behind the target?",
                                new Picture(HeatmapPainter.pixels(Samples.projection(view.getWidth()))),
                                Samples.provenance("guided-backpropagation"),
                                List.of("Shows the picture's edges more than the target: compare with another target."),
                                name)));
    }

    private static Card card(
            String title, String answers, Figure figure, Provenance provenance, List<String> notes, String file) {
        return new Card(
                title, answers, figure, provenance, Map.of("time taken", "38 ms"), notes, List.of(file, "map.npy"));
    }
}
