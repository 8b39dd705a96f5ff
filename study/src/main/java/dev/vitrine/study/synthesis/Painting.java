package dev.vitrine.study.synthesis;

import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.visualization.Start;
import dev.vitrine.lens.visualization.StyleTransfer;
import dev.vitrine.lens.visualization.Synthesis;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Style transfer, or, without content, texture synthesis.
 *
 * @param content the content picture, or the given texture
 * @param style the style picture
 * @param layers whose activations are matched
 * @param from initialization of the optimization
 * @param frames whether intermediate pictures are kept
 */
public record Painting(
        Model model,
        Named content,
        Named style,
        StyleTransfer.Chosen layers,
        From from,
        StyleTransfer method,
        long seed,
        Frames.Kept frames)
        implements PictureStudy {
    /** A picture and its name. */
    public record Named(String name, Picture picture) {}

    /** Initialization of the optimization. */
    public enum From {
        CONTENT,
        NOISE
    }

    /** Texture synthesis. */
    public static Painting texture(
            Model model, Named given, List<Value> layers, StyleTransfer method, long seed, Frames.Kept frames) {
        StyleTransfer.Chosen chosen = new StyleTransfer.Chosen(List.of(), layers);
        return new Painting(model, given, given, chosen, From.NOISE, method, seed, frames);
    }

    private boolean isTexture() {
        return layers.content().isEmpty();
    }

    @Override
    public String id() {
        return isTexture() ? "texture" : "style";
    }

    @Override
    public String title() {
        return isTexture() ? "The texture of " + style.name() : content.name() + " in the style of " + style.name();
    }

    @Override
    public String answers() {
        return isTexture()
                ? "Which pictures have the same texture for the network?"
                : "What does the content of one picture look like in the style of another?";
    }

    @Override
    public List<?> asked() {
        return List.of(
                content.name(),
                PictureStudy.content(content.picture()),
                style.name(),
                PictureStudy.content(style.picture()),
                layers,
                from,
                method,
                seed,
                frames);
    }

    @Override
    public List<Piece> pieces() {
        return List.of(new Piece(isTexture() ? "weaving" : "painting", this::make));
    }

    private List<MadePicture> make(ModelSession session, Progress progress) {
        Frames seen = new Frames(method.steps(), frames);
        Start start = from == From.NOISE ? Start.NOISE : new Start.Image(content.picture());
        Synthesis made = method.run(session, content.picture(), style.picture(), layers, start, seed, seen, progress);
        String loss = String.format(Locale.ROOT, "%.5g", -made.scores().get(0));
        Provenance provenance = provenance();
        if (isTexture()) {
            return List.of(
                    given("given", style, provenance),
                    made(made, seen, "texture", "another picture of that texture", provenance, Map.of("loss", loss)));
        }
        Map<String, String> facts = new LinkedHashMap<>(Map.of("loss", loss));
        facts.put("network says", PictureStudy.said(session, made.picture(0)));
        return List.of(
                given("content", content, provenance),
                given("style", style, provenance),
                made(made, seen, "painted", "the content in that style", provenance, facts));
    }

    private static MadePicture given(String stem, Named picture, Provenance provenance) {
        return MadePicture.given(stem, stem + ": " + picture.name(), Images.of(picture.picture()), provenance);
    }

    private static MadePicture made(
            Synthesis made, Frames seen, String stem, String title, Provenance provenance, Map<String, String> facts) {
        return new MadePicture(
                stem,
                title,
                Images.of(made.picture(0)),
                provenance,
                facts,
                made.course().scores(),
                seen.of(0));
    }

    private Provenance provenance() {
        Map<String, String> options = new LinkedHashMap<>(method.options());
        if (!isTexture()) {
            options.put("content-layer", words(layers.content()));
        }
        options.put("style-layer", words(layers.style()));
        if (!isTexture()) {
            options.put("colors", method.colors().name().toLowerCase(Locale.ROOT));
            options.put("start", from.name().toLowerCase(Locale.ROOT));
        }
        options.put("size", content.picture().width() + "x" + content.picture().height());
        options.put("seed", Long.toString(seed));
        return new Provenance(
                model.name(),
                content.name(),
                (isTexture() ? "texture of " : "style of ") + style.name(),
                isTexture() ? "texture-synthesis" : "style-transfer",
                options);
    }

    private static String words(List<Value> layers) {
        return String.join(", ", layers.stream().map(Value::name).toList());
    }
}
