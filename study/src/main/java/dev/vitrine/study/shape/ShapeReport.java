package dev.vitrine.study.shape;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Overview;
import dev.vitrine.study.StudyFiles;
import dev.vitrine.study.StudyJson;
import dev.vitrine.study.StudyReport;
import dev.vitrine.study.answer.Answer;
import dev.vitrine.study.answer.AnswerTable;
import dev.vitrine.study.answer.ConsistencyReport;
import dev.vitrine.study.answer.ShapeBias;
import dev.vitrine.study.answer.ShapeBiasReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Shape bias of networks, and of people whose answers are given, as a page, a plot, a JSON file and the answers
 * themselves.
 *
 * @param data name of the folder or archive
 * @param answers all answers behind it
 * @param facts provenance
 */
@JsonInclude(Include.NON_ABSENT)
public record ShapeReport(
        String data,
        List<ShapeBias> subjects,
        Optional<ConsistencyReport> consistency,
        List<String> unreadable,
        Optional<String> missing,
        Map<String, String> facts,
        List<Answer> answers)
        implements StudyReport {
    public ShapeReport {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /** @param given answers of others to the same pictures */
    public static ShapeReport of(
            String data, Outcome<CueAnswers> outcome, List<Answer> given, Map<String, String> facts) {
        List<Answer> answers = new ArrayList<>(outcome.result().answers());
        answers.addAll(given);
        List<ShapeBias> subjects = ShapeBias.of(answers);
        return new ShapeReport(
                data,
                subjects,
                subjects.size() > 1 ? Optional.of(ConsistencyReport.of(answers)) : Optional.empty(),
                outcome.unreadable(),
                outcome.missing().map(missing -> "Stopped after " + missing + "."),
                facts,
                answers);
    }

    @Override
    public Overview overview() {
        List<String> lines = new ArrayList<>(new ShapeBiasReport(subjects).lines());
        consistency.ifPresent(pairs -> lines.addAll(pairs.lines()));
        return Overview.text(lines);
    }

    public String json() {
        return StudyJson.text(this);
    }

    /**
     * Writes {@code shape-bias.html}, {@code shape-bias.png}, {@code shape-bias.json} and {@code answers.csv}.
     */
    @Override
    public List<Path> write(Path folder) {
        ShapePage page = new ShapePage(this);
        List<Path> files = new ArrayList<>(new StudyFiles("shape-bias", String.join(", ", page.names()), data)
                .write(folder, page.html(), page.plot().image(page.caption()), json()));
        Path table = folder.resolve("answers.csv");
        OutputFile.write(table, AnswerTable.text(answers));
        files.add(table);
        return files;
    }
}
