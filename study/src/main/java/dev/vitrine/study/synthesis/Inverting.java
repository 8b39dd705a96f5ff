package dev.vitrine.study.synthesis;

import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.visualization.Inversion;
import dev.vitrine.study.Stems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How much of a picture can be recovered from each of several layers.
 *
 * @param image name of the picture
 * @param picture the network's input as a picture
 */
public record Inverting(Model model, String image, Picture picture, List<Value> layers, Inversion method, long seed)
        implements PictureStudy {
    public Inverting {
        layers = List.copyOf(layers);
    }

    @Override
    public String id() {
        return "invert";
    }

    @Override
    public String title() {
        return image + " from the layers of " + model.name();
    }

    @Override
    public String answers() {
        return "How much of the picture can be recovered from each layer?";
    }

    @Override
    public List<?> asked() {
        return List.of(image, PictureStudy.content(picture), layers, method, seed);
    }

    @Override
    public List<Piece> pieces() {
        List<Piece> pieces = new ArrayList<>();
        pieces.add(new Piece("the picture", (session, progress) -> List.of(itself(session))));
        layers.forEach(layer ->
                pieces.add(new Piece(layer.name(), (session, progress) -> List.of(make(session, layer, progress)))));
        return pieces;
    }

    private Provenance provenance(String target) {
        Map<String, String> options = new LinkedHashMap<>(method.options());
        options.put("seed", Long.toString(seed));
        return new Provenance(model.name(), image, target, "inversion", options);
    }

    private MadePicture itself(ModelSession session) {
        return new MadePicture(
                "picture",
                "the picture",
                Images.of(picture),
                provenance("the picture itself"),
                Map.of("network says", PictureStudy.said(session, picture)),
                List.of(),
                List.of());
    }

    private MadePicture make(ModelSession session, Value layer, Progress progress) {
        Inversion.Inverted made = method.run(session, picture, layer, seed, progress);
        Picture found = made.synthesis().picture(0);
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("error at the layer", String.format(Locale.ROOT, "%.3f", made.layerError()));
        facts.put("error of the picture", String.format(Locale.ROOT, "%.3f", made.pictureError()));
        facts.put("network says", PictureStudy.said(session, found));
        return new MadePicture(
                Stems.slug(layer.name()),
                String.format(
                        Locale.ROOT, "%s: layer %.2f, picture %.2f", layer, made.layerError(), made.pictureError()),
                Images.of(found),
                provenance("answer of " + layer),
                facts,
                made.synthesis().course().scores(),
                List.of());
    }
}
