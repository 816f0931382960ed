package dev.flusso.opensearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.worker.DocumentWrite;
import dev.flusso.worker.Outcome;
import dev.flusso.worker.SinkException;
import dev.flusso.worker.SinkException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BulkAnswerTest {

    private static Outcome one(String operation, int status, String type, String reason, String cause) {
        var error = type.isEmpty()
                ? ""
                : ",\"error\":{\"type\":\"" + type + "\",\"reason\":" + Reply.JSON.valueToTree(reason)
                        + (cause.isEmpty()
                                ? ""
                                : ",\"caused_by\":{\"type\":\"cause\",\"reason\":" + Reply.JSON.valueToTree(cause)
                                        + "}")
                        + "}";
        var body =
                "{\"took\":1,\"errors\":true,\"items\":[{\"" + operation + "\":{\"status\":" + status + error + "}}]}";
        DocumentWrite write = operation.equals("delete")
                ? new DocumentWrite.Delete("1", 1)
                : new DocumentWrite.Upsert("1", 1, new byte[0]);
        return BulkAnswer.read("sink 's'", "i", body.getBytes(StandardCharsets.UTF_8), List.of(write), false)
                .get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "index,200,,Written",
        "index,201,,Written",
        "delete,200,,Written",
        "delete,404,,Written",
        "index,409,version_conflict_engine_exception,NewerThere",
        "index,429,rejected_execution_exception,Busy",
        "index,429,circuit_breaking_exception,Busy",
        "index,500,es_rejected_execution_exception,Busy",
        "index,503,unavailable_shards_exception,Busy",
        "index,503,no_shard_available_action_exception,Busy",
        "index,500,already_closed_exception,Busy",
        "index,500,node_disconnected_exception,Busy",
        "index,504,timeout_exception,Busy",
        "index,500,null_pointer_exception,Rejected",
        "index,400,mapper_parsing_exception,Rejected",
        "index,400,strict_dynamic_mapping_exception,Rejected",
        "index,400,illegal_argument_exception,Rejected"
    })
    void tellsOutcomesApart(String operation, int status, String type, String outcome) {
        assertThat(one(operation, status, type == null ? "" : type, "why", "")
                        .getClass()
                        .getSimpleName())
                .isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource({
        "index,404,index_not_found_exception,no such index,INDEX_MISSING",
        "delete,404,index_not_found_exception,no such index,INDEX_MISSING",
        "index,403,cluster_block_exception,'index [i] blocked by: [FORBIDDEN/8/index write (api)];',READ_ONLY",
        "index,429,cluster_block_exception,'index [i] blocked by: [TOO_MANY_REQUESTS/12/disk usage];',READ_ONLY",
        "index,503,cluster_block_exception,'blocked by: [SERVICE_UNAVAILABLE/1/state not recovered];',UNAVAILABLE",
        "index,400,index_closed_exception,closed,READ_ONLY",
        "index,403,security_exception,no permissions for [indices:data/write],FORBIDDEN",
        "index,400,illegal_argument_exception,pipeline with id [p] does not exist,REFUSED",
        "index,404,,,UNAVAILABLE",
        "index,0,,,UNAVAILABLE",
        "index,100,,,UNAVAILABLE"
    })
    void failsTheRequestForWhatConcernsAll(String operation, int status, String type, String reason, Kind kind) {
        assertThatThrownBy(() -> one(operation, status, type == null ? "" : type, reason == null ? "" : reason, ""))
                .isInstanceOfSatisfying(
                        SinkException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining("sink 's'")
                .hasMessageContaining("'i'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mapper_parsing_exception|failed to parse field [size] of type [long] in document with id '7'. Preview of field's value: 'S3'"
                        + "|For input string: \"S3\"|failed to parse field [size] of type [long] in document with id '7'.; cause: For input string: …",
                "mapper_parsing_exception|failed to parse field [at] of type [date]|failed to parse date field [S3] with format [x]"
                        + "|failed to parse field [at] of type [date]; cause: failed to parse date field …",
                "illegal_argument_exception|Limit of total fields [1000] has been exceeded||Limit of total fields [1000] has been exceeded",
                "illegal_argument_exception|mapper [a.b] cannot be changed from type [long] to [float]||"
                        + "mapper [a.b] cannot be changed from type [long] to [float]",
                "illegal_argument_exception|Cannot read it in (S3)||Cannot read it in …",
                "other_exception|unknown value [S3]||unknown value …"
            })
    void keepsValuesOutOfReasons(String type, String reason, String cause, String shown) {
        assertThat(one("index", 400, type, reason, cause == null ? "" : cause))
                .isEqualTo(new Outcome.Rejected(type, shown));
    }

    @Test
    void keepsReasonsShort() {
        var rejected = (Outcome.Rejected) one("index", 400, "mapper_parsing_exception", "x\ny ".repeat(1000), "");
        assertThat(rejected.reason()).hasSizeLessThan(500).doesNotContain("\n");
    }
}
