package dev.vitrine.study.synthesis;

import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.visualization.Caricature;
import dev.vitrine.lens.visualization.Synthesis;
import dev.vitrine.study.Stems;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Caricatures: exaggerates what each layer detects in a picture.
 *
 * @param image name of the picture
 */
public record Exaggerating(Model model, String image, Picture picture, List<Value> layers, Caricature method, long seed)
        implements PictureStudy {
    public Exaggerating {
        layers = List.copyOf(layers);
    }

    @Override
    public String id() {
        return "caricature";
    }

    @Override
    public String title() {
        return image + " exaggerated by " + model.name();
    }

    @Override
    public String answers() {
        return "What does each layer detect in this picture, and how strongly?";
    }

    @Override
    public List<?> asked() {
        return List.of(image, PictureStudy.content(picture), layers, method, seed);
    }

    @Override
    public List<Piece> pieces() {
        return layers.stream()
                .map(layer -> new Piece(layer.name(), (session, progress) -> make(session, layer, progress)))
                .toList();
    }

    private List<MadePicture> make(ModelSession session, Value layer, Progress progress) {
        Synthesis made = method.run(session, picture, layer, seed, progress);
        Map<String, String> options = new LinkedHashMap<>(method.options());
        options.put("layer", layer.name());
        options.put("seed", Long.toString(seed));
        return List.of(new MadePicture(
                Stems.slug(layer.name()),
                layer.name(),
                Images.of(made.picture(0)),
                new Provenance(model.name(), image, "all of " + layer, "caricature", options),
                Map.of("network says", PictureStudy.said(session, made.picture(0))),
                made.course().scores(),
                List.of()));
    }
}
