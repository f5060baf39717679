#!/bin/bash
# Queues for single and batch sending, each with a dead-letter queue. $ENDPOINT stands for the port of a local server.
set -euo pipefail

aws sqs create-queue --queue-name send-dlq --region ap-northeast-1
aws sqs create-queue --queue-name batch-dlq --region ap-northeast-1

SEND_DLQ_ARN=$(aws sqs get-queue-attributes \
  --queue-url https://sqs.ap-northeast-1.amazonaws.com/000000000000/send-dlq \
  --attribute-names QueueArn --query 'Attributes.QueueArn' --output text)

BATCH_DLQ_ARN=$(aws sqs get-queue-attributes \
  --queue-url https://sqs.ap-northeast-1.amazonaws.com/000000000000/batch-dlq \
  --attribute-names QueueArn --query 'Attributes.QueueArn' --output text)

aws sqs create-queue --queue-name send-queue \
  --attributes "{\"RedrivePolicy\": \"{\\\"deadLetterTargetArn\\\":\\\"$SEND_DLQ_ARN\\\",\\\"maxReceiveCount\\\":3}\"}"

aws sqs create-queue --queue-name batch-queue \
  --attributes "{\"RedrivePolicy\": \"{\\\"deadLetterTargetArn\\\":\\\"$BATCH_DLQ_ARN\\\",\\\"maxReceiveCount\\\":3}\"}"

aws --endpoint-url="$ENDPOINT" sqs get-queue-attributes \
  --queue-url "$ENDPOINT/000000000000/send-queue" \
  --attribute-names All

aws sqs get-queue-attributes \
  --queue-url https://sqs.ap-northeast-1.amazonaws.com/000000000000/send-queue \
  --attribute-names All

curl -fsS -I "$ENDPOINT/health"

aws --endpoint-url="$ENDPOINT" sqs receive-message \
  --queue-url "$ENDPOINT/000000000000/send-queue"

aws --endpoint-url="$ENDPOINT" sqs get-queue-attributes \
  --queue-url "$ENDPOINT/000000000000/send-dlq" \
  --attribute-names ApproximateNumberOfMessages
