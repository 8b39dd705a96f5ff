package dev.vitrine.study.synthesis;

import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.visualization.DeepDream;
import dev.vitrine.lens.visualization.Synthesis;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * DeepDream: exaggerates what a network detects in a picture.
 *
 * @param image name of the picture
 * @param objective to maximize
 */
public record Dreaming(Model model, String image, Picture picture, Objective objective, DeepDream method, long seed)
        implements PictureStudy {
    @Override
    public String id() {
        return "dream";
    }

    @Override
    public String title() {
        return image + " dreamt by " + model.name();
    }

    @Override
    public String answers() {
        return "What does the network begin to recognize in this picture?";
    }

    @Override
    public List<?> asked() {
        return List.of(image, PictureStudy.content(picture), objective.description(), method, seed);
    }

    @Override
    public List<Piece> pieces() {
        return List.of(new Piece("dreaming", this::make));
    }

    private List<MadePicture> make(ModelSession session, Progress progress) {
        Synthesis made = method.run(session, picture, objective, seed, progress);
        Map<String, String> options = new LinkedHashMap<>(method.options());
        options.put("size", picture.width() + "x" + picture.height());
        options.put("seed", Long.toString(seed));
        Provenance provenance = new Provenance(model.name(), image, objective.description(), "deep-dream", options);
        return List.of(
                new MadePicture(
                        "original",
                        image,
                        Images.of(picture),
                        provenance,
                        Map.of("network says", PictureStudy.said(session, picture)),
                        List.of(),
                        List.of()),
                new MadePicture(
                        "dream",
                        objective.description(),
                        Images.of(made.picture(0)),
                        provenance,
                        Map.of("network says", PictureStudy.said(session, made.picture(0))),
                        made.course().scores(),
                        List.of()));
    }
}
