package dev.vitrine.study.unit.page;

import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ReceptiveField;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.unit.activation.FeatureMapPainter;
import dev.vitrine.lens.unit.activation.FeatureMaps;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Report;
import dev.vitrine.study.Stems;
import dev.vitrine.study.unit.activation.ActivationStudy;
import dev.vitrine.study.unit.activation.Activations;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A sheet of maps for each layer, and {@code activations.html} with all of them.
 *
 * @param facts about the network and the program
 */
public record ActivationReport(ActivationStudy study, Map<String, String> facts) implements Report<Activations> {
    @Override
    public List<Path> write(Outcome<Activations> outcome, Path folder) {
        Model model = study.model();
        String picture = outcome.result().picture();
        Map<?, ReceptiveField> fields = ReceptiveField.of(model);
        List<ActivationPage.Layer> sections = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        Stems stems = new Stems();
        for (int index = 0; index < study.layers().size(); index++) {
            FeatureMaps maps = new FeatureMaps(
                    study.layers().get(index),
                    outcome.result().layers().get(index).values());
            FeatureMapPainter painter =
                    new FeatureMapPainter(maps, study.shown().scale(), model.name(), picture);
            List<FeatureMaps.Channel> all = maps.maps(study.shown().order());
            List<FeatureMaps.Channel> shown =
                    all.subList(0, Math.min(study.shown().most(), all.size()));
            Optional<ReceptiveField> field =
                    Optional.ofNullable(fields.get(maps.layer().value()));
            Optional<ReceptiveField.Reach> window = field.flatMap(ReceptiveField::window);
            sections.add(new ActivationPage.Layer(
                    maps,
                    painter,
                    shown,
                    field.flatMap(found -> found.at(0, 0)),
                    window.map(ReceptiveField.Reach::strideY).orElse(0.0),
                    window.map(ReceptiveField.Reach::strideX).orElse(0.0)));
            Path sheet = folder.resolve(stems.free(Stems.slug(maps.layer().name())) + ".png");
            painter.sheet(shown).write(sheet);
            files.add(sheet);
        }
        Map<String, String> made = new LinkedHashMap<>();
        made.put("scale", PageText.word(study.shown().scale()));
        made.put("order", PageText.word(study.shown().order()));
        made.putAll(facts);
        Path page = folder.resolve("activations.html");
        new ActivationPage(
                        model.name(),
                        picture,
                        Images.of(model.preprocessing().view(study.pictures().read(0))),
                        sections,
                        made)
                .write(page);
        files.add(page);
        return files;
    }
}
