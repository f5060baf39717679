#!/bin/bash
# An order and a notification queue with a common dead-letter queue; one message's life; what is looked at in trouble.
set -euo pipefail

DLQ_URL=$(aws sqs create-queue \
  --queue-name ecommerce-dlq \
  --attributes MessageRetentionPeriod=1209600 \
  --region ap-southeast-1 --query QueueUrl --output text)

DLQ_ARN=$(aws sqs get-queue-attributes \
  --queue-url $DLQ_URL \
  --attribute-names QueueArn \
  --query 'Attributes.QueueArn' \
  --output text)

aws sqs create-queue \
  --queue-name ecommerce-order-queue \
  --attributes '{
    "VisibilityTimeout": "300",
    "MessageRetentionPeriod": "345600",
    "ReceiveMessageWaitTimeSeconds": "20",
    "RedrivePolicy": "{\"deadLetterTargetArn\":\"'$DLQ_ARN'\",\"maxReceiveCount\":\"3\"}"
  }' \
  --region ap-southeast-1

aws sqs create-queue \
  --queue-name ecommerce-notification-queue \
  --attributes '{
    "VisibilityTimeout": "60",
    "MessageRetentionPeriod": "345600",
    "ReceiveMessageWaitTimeSeconds": "20",
    "RedrivePolicy": "{\"deadLetterTargetArn\":\"'$DLQ_ARN'\",\"maxReceiveCount\":\"3\"}"
  }' \
  --region ap-southeast-1

QUEUE_URL=$(aws sqs get-queue-url --queue-name ecommerce-order-queue --query QueueUrl --output text)

aws sqs get-queue-attributes \
  --queue-url $QUEUE_URL \
  --attribute-names All

aws sqs purge-queue --queue-url $QUEUE_URL

# Quoted, unlike where it comes from: bash would expand the braces to two words.
aws sqs send-message \
  --queue-url $QUEUE_URL \
  --message-body '{"test": "message"}' \
  --message-attributes 'eventType={DataType=String,StringValue=TEST}'

RECEIPT_HANDLE=$(aws sqs receive-message \
  --queue-url $QUEUE_URL \
  --max-number-of-messages 1 --query 'Messages[0].ReceiptHandle' --output text)

aws sqs delete-message \
  --queue-url $QUEUE_URL \
  --receipt-handle $RECEIPT_HANDLE

# The name of a CloudWatch metric, which is no attribute of a queue: AWS refuses it, too.
if aws sqs get-queue-attributes \
  --queue-url $QUEUE_URL \
  --attribute-names ApproximateNumberOfMessagesVisible
then
  echo "an unknown attribute was answered"
  exit 1
fi

aws sqs receive-message \
  --queue-url $DLQ_URL \
  --max-number-of-messages 10

aws sqs set-queue-attributes \
  --queue-url $QUEUE_URL \
  --attributes KmsMasterKeyId=alias/aws/sqs
